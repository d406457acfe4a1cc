using System.IO.Pipelines;
using System.Text;
using Streaming.Node.Lane;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

public sealed class SocketTurnSpec
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>On the pipes of the test the lane answers within the client's write, as it does on the thread that serves a core's sockets.</summary>
    [Fact]
    public async Task A_client_that_never_pauses_does_not_keep_the_thread_that_serves_its_socket()
    {
        var (client, _, _) = TestLane.Start(string.Empty, TimeProvider.System);
        var request = RawHttp.Post("""{"card_id":"c","amount":1}""");
        var (answers, goOn) = AnswersWithinWrites(client, request);
        Assert.Equal((SocketTurn.MaxBytes / request.Length) + 1, answers);
        goOn();
        var answer = await client.Input.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(answer.Buffer.FirstSpan), StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_has_its_turn_anew_after_another()
    {
        var (one, other) = (new object(), new object());
        Assert.False(SocketTurn.IsOver(one, SocketTurn.MaxBytes - 1));
        Assert.False(SocketTurn.IsOver(other, 1));
        Assert.False(SocketTurn.IsOver(one, SocketTurn.MaxBytes - 1));
        Assert.True(SocketTurn.IsOver(one, 1));
        Assert.False(SocketTurn.IsOver(one, SocketTurn.MaxBytes - 1));
    }

    /// <summary>Sends requests, each in a write, until one is not answered within it; counts those before it, and tells how the lane goes on.</summary>
    private static (int Answers, Action GoOn) AnswersWithinWrites(IDuplexPipe client, byte[] request)
    {
        var (before, parked) = (SynchronizationContext.Current, new ParkedContext());
        SynchronizationContext.SetSynchronizationContext(parked);
        try
        {
            var answers = 0;
            for (; answers < 2 * SocketTurn.MaxBytes / request.Length; answers++)
            {
                Assert.True(client.Output.WriteAsync(request).AsTask().IsCompletedSuccessfully);
                if (!client.Input.TryRead(out var answer))
                {
                    break;
                }

                client.Input.AdvanceTo(answer.Buffer.End);
            }

            return (answers, parked.GoOn);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Keeps what yields.</summary>
    private sealed class ParkedContext : SynchronizationContext
    {
        public Action GoOn { get; private set; } = () => { };

        public override void Post(SendOrPostCallback d, object? state) => GoOn += () => d(state);
    }
}
