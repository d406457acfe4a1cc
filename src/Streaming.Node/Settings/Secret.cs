namespace Streaming.Node.Settings;

/// <summary>A text that no log and no message shows. Empty when nothing is set.</summary>
/// <param name="value">The text.</param>
public sealed class Secret(string value)
{
    /// <summary>Nothing is set.</summary>
    public static Secret None { get; } = new(string.Empty);

    /// <summary>Whether there is a text.</summary>
    public bool IsSet => value.Length > 0;

    /// <summary>The text itself, for the one place that needs it.</summary>
    public string Reveal() => value;

    /// <summary>Stars.</summary>
    public override string ToString() => IsSet ? "****" : "(not set)";
}
