namespace Streaming.Chaos.Processes;

/// <summary>A piece that a proxy waits for, and then holds until it is let go, also when its sender is gone by then.</summary>
/// <param name="number">Which of those that have one of the texts.</param>
/// <param name="texts">The texts.</param>
internal sealed class ArmedHold(int number, byte[][] texts)
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _seen;

    /// <summary>Completes when it is held.</summary>
    public Task Held => _held.Task;

    /// <summary>Completes when it may go on.</summary>
    public Task LetGo => _letGo.Task;

    /// <summary>Lets it go on.</summary>
    public void Release() => _letGo.TrySetResult();

    /// <summary>Whether a piece is the one.</summary>
    public bool Takes(ReadOnlySpan<byte> piece)
    {
        foreach (var text in texts)
        {
            if (piece.IndexOf(text) >= 0)
            {
                return Interlocked.Increment(ref _seen) == number && _held.TrySetResult();
            }
        }

        return false;
    }
}
