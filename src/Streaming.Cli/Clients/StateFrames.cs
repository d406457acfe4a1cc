using System.Buffers.Binary;
using System.Text;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Clients;

/// <summary>Reads the frames of GET /states of the admin server: a key and a state each, with their lengths before them.</summary>
internal static class StateFrames
{
    // Of the last frame: why there are no more.
    private const int FaultKey = -2;

    /// <summary>Reads all, each as it comes.</summary>
    /// <returns>The event time that the node remembers entities of the type since, in milliseconds.</returns>
    /// <exception cref="CliFailure">The node ends the answer too early, or says why it must.</exception>
    public static async Task<long> ReadAsync(Stream stream, Action<byte[], byte[]> add, CancellationToken cancellation)
    {
        var lengths = new byte[sizeof(int)];
        try
        {
            int key;
            while ((key = await LengthAsync(stream, lengths, cancellation)) >= 0)
            {
                var (keyBytes, stateBytes) = (new byte[key], new byte[await LengthAsync(stream, lengths, cancellation)]);
                await stream.ReadExactlyAsync(keyBytes, cancellation);
                await stream.ReadExactlyAsync(stateBytes, cancellation);
                add(keyBytes, stateBytes);
            }

            if (key == FaultKey)
            {
                var fault = new byte[await LengthAsync(stream, lengths, cancellation)];
                await stream.ReadExactlyAsync(fault, cancellation);
                throw new CliFailure(ExitCode.Unreachable, $"the node could not say all states: {Encoding.UTF8.GetString(fault)}");
            }

            var since = new byte[sizeof(long)];
            await stream.ReadExactlyAsync(since, cancellation);
            return BinaryPrimitives.ReadInt64LittleEndian(since);
        }
        catch (IOException error)
        {
            throw new CliFailure(ExitCode.Unreachable, $"the node ended its answer too early ({error.Message}); look at its log", error);
        }
    }

    private static async Task<int> LengthAsync(Stream stream, byte[] bytes, CancellationToken cancellation)
    {
        await stream.ReadExactlyAsync(bytes, cancellation);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }
}
