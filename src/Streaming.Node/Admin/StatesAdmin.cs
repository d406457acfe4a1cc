using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Streaming.Engine;
using Streaming.Features.Plans;

namespace Streaming.Node.Admin;

/// <summary>
/// GET /states/{type}: every entity's state, as frames of two lengths (32-bit, little-endian), key and state. The last has a key of length
/// -1, so that a cut answer is known, and says since when entities are remembered (64-bit, milliseconds); or of length -2, and says instead
/// of a state why there are no more. GET /confirmed: what the sources have confirmed.
/// </summary>
internal sealed class StatesAdmin(Func<StreamingEngine> engine)
{
    /// <summary>The path of the states.</summary>
    public const string Path = "/states/{type}";

    /// <summary>The path of what is confirmed.</summary>
    public const string ConfirmedPath = "/confirmed";

    private const int AllKey = -1;
    private const int FaultKey = -2;
    private const int FlushBytes = 1 << 18;

    /// <summary>Answers with the states.</summary>
    public async Task GetAsync(HttpContext context)
    {
        var running = engine();
        var type = (string)context.Request.RouteValues["type"]!;
        if (running.Catalog.FindEntity(type) is not { } plan)
        {
            await AdminProblem.NoEntityAsync(context, type, running.Catalog.Entities.Select(entity => entity.Name));
            return;
        }

        // The caller waits for the head of the answer only so long; a shard that is being opened may take longer.
        await context.Response.StartAsync(context.RequestAborted);
        var writer = context.Response.BodyWriter;
        try
        {
            await WriteAllAsync(writer, running, plan, context.RequestAborted);
            if (running == engine())
            {
                WriteLength(writer, AllKey);
                BinaryPrimitives.WriteInt64LittleEndian(writer.GetSpan(sizeof(long)), running.RememberedSince(plan));
                writer.Advance(sizeof(long));
            }
            else
            {
                WriteFault(writer, "a replay has switched to another generation meanwhile; try again");
            }
        }
        catch (Exception away) when (AdminProblem.IsAway(away))
        {
            WriteFault(writer, away.Message);
        }

        await writer.FlushAsync(context.RequestAborted);
    }

    /// <summary>Answers with what is confirmed.</summary>
    public Task ConfirmedAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(
            context.Response.BodyWriter, engine().Confirmed(), AdminJson.Default.IReadOnlyListDurableMark, context.RequestAborted);
    }

    private static async Task WriteAllAsync(
        PipeWriter writer, StreamingEngine running, EntityPlan plan, CancellationToken cancellation)
    {
        var pending = 0;
        await foreach (var (key, state) in running.StatesAsync(plan, cancellation))
        {
            pending += Write(writer, key, state.Span);
            if (pending >= FlushBytes)
            {
                await writer.FlushAsync(cancellation);
                pending = 0;
            }
        }
    }

    private static void WriteFault(PipeWriter writer, string fault)
    {
        var text = Encoding.UTF8.GetBytes(fault);
        WriteLength(writer, FaultKey);
        WriteLength(writer, text.Length);
        writer.Write(text);
    }

    private static void WriteLength(PipeWriter writer, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(sizeof(int)), length);
        writer.Advance(sizeof(int));
    }

    private static int Write(PipeWriter writer, ReadOnlySpan<byte> key, ReadOnlySpan<byte> state)
    {
        WriteLength(writer, key.Length);
        WriteLength(writer, state.Length);
        writer.Write(key);
        writer.Write(state);
        return (2 * sizeof(int)) + key.Length + state.Length;
    }
}
