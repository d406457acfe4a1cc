using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Wire;

/// <summary>What entities say to sources.</summary>
internal static class ReplyBytes
{
    public static IEnumerable<WireCodec> Codecs =>
    [
        WireCodec.Of<DeliveryConfirmed>(
            "confirmed",
            static (output, message) =>
            {
                Write(output, message.Run);
                output.Long(message.Read);
                output.Int(message.Delivery);
                output.Int(message.Deliveries);
                output.Long(message.Late);
                output.Long(message.Duplicates);
            },
            static (_, ref input) => new DeliveryConfirmed(
                ReadRun(ref input), input.Long(), input.Int(), input.Int(), input.Long(), input.Long())) with { Version = 2 },
        WireCodec.Of<DeliveryGap>(
            "gap",
            static (output, message) =>
            {
                Write(output, message.Run);
                output.Text(message.Entity);
                output.Long(message.AppliedOffset);
                output.Long(message.PreviousOffset);
            },
            static (_, ref input) => new DeliveryGap(ReadRun(ref input), input.Name(), input.Long(), input.Long())),
        WireCodec.Of<RunNotAdmitted>(
            "not-admitted",
            static (output, message) =>
            {
                Write(output, message.Run);
                output.Text(message.Entity);
            },
            static (_, ref input) => new RunNotAdmitted(ReadRun(ref input), input.Name())),
        WireCodec.Of<DeliveryFailed>(
            "failed",
            static (context, output, message) =>
            {
                output.Text(message.Entity);
                output.Long((long)context.ColumnsOf(message.Feed).Id);
                output.Long(message.Offset);
                output.Text(message.Cause);
            },
            static (context, ref input) =>
                new DeliveryFailed(input.Name(), context.ColumnsOf((ulong)input.Long()).Feed, input.Long(), input.Name())),
        WireCodec.Of<EntityLost>(
            "lost",
            static (output, message) => output.Text(message.Entity),
            static (_, ref input) => new EntityLost(input.Name())),
    ];

    private static void Write(WireWriter output, RunId run)
    {
        output.Guid(run.Source);
        output.Long(run.Number);
    }

    private static RunId ReadRun(ref WireReader input) => new(input.Guid(), input.Long());
}
