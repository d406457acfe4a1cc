using Avro;

namespace Streaming.Contracts.Schemas;

/// <summary>The promotions of the specification: which primitive types are read as another one.</summary>
internal static class Promotions
{
    /// <summary>Whether a reader's type takes the writer's, as itself or promoted.</summary>
    public static bool Take(Schema.Type writer, Schema.Type reader) => writer == reader || (writer, reader) switch
    {
        (Schema.Type.Int, Schema.Type.Long or Schema.Type.Float or Schema.Type.Double) => true,
        (Schema.Type.Long, Schema.Type.Float or Schema.Type.Double) => true,
        (Schema.Type.Float, Schema.Type.Double) => true,
        (Schema.Type.String, Schema.Type.Bytes) or (Schema.Type.Bytes, Schema.Type.String) => true,
        _ => false,
    };
}
