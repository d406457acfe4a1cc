using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text.Json;
using Streaming.Engine;

namespace Streaming.Node.Admin;

/// <summary>
/// GET /states/{type}: every entity's state, as frames of two lengths (32-bit, little-endian), key and state; the last has a key of
/// length -1, so that a cut answer is known. GET /confirmed: what the sources have confirmed.
/// </summary>
internal sealed class StatesAdmin(Func<StreamingEngine> engine)
{
    /// <summary>The path of the states.</summary>
    public const string Path = "/states/{type}";

    /// <summary>The path of what is confirmed.</summary>
    public const string ConfirmedPath = "/confirmed";

    private const int FlushBytes = 1 << 18;

    /// <summary>Answers with the states.</summary>
    public async Task GetAsync(HttpContext context)
    {
        var running = engine();
        if (running.Catalog.FindEntity((string)context.Request.RouteValues["type"]!) is not { } plan)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var (writer, pending) = (context.Response.BodyWriter, 0);
        await foreach (var (key, state) in running.StatesAsync(plan, context.RequestAborted))
        {
            pending += Write(writer, key, state.Span);
            if (pending >= FlushBytes)
            {
                await writer.FlushAsync(context.RequestAborted);
                pending = 0;
            }
        }

        BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(sizeof(int)), -1);
        writer.Advance(sizeof(int));
        await writer.FlushAsync(context.RequestAborted);
    }

    /// <summary>Answers with what is confirmed.</summary>
    public Task ConfirmedAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(
            context.Response.BodyWriter, engine().Confirmed(), AdminJson.Default.IReadOnlyListDurableMark, context.RequestAborted);
    }

    private static int Write(PipeWriter writer, ReadOnlySpan<byte> key, ReadOnlySpan<byte> state)
    {
        var lengths = writer.GetSpan(2 * sizeof(int));
        BinaryPrimitives.WriteInt32LittleEndian(lengths, key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(lengths[sizeof(int)..], state.Length);
        writer.Advance(2 * sizeof(int));
        writer.Write(key);
        writer.Write(state);
        return (2 * sizeof(int)) + key.Length + state.Length;
    }
}
