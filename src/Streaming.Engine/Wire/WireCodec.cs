namespace Streaming.Engine.Wire;

/// <summary>How one kind of message is written and read.</summary>
/// <param name="Manifest">Names the kind on the wire; it never changes its meaning.</param>
/// <param name="Version">The layout that is written, the first byte of the message. Another layout is another version.</param>
/// <param name="Types">The kind's classes in a process.</param>
/// <param name="Write">Writes what follows the version.</param>
/// <param name="Read">Reads it.</param>
internal sealed record WireCodec(string Manifest, byte Version, Type[] Types, Action<WireContext, WireWriter, object> Write, WireRead Read)
{
    /// <summary>A kind with one class and nothing of its system in it.</summary>
    public static WireCodec Of<T>(string manifest, Action<WireWriter, T> write, WireRead read)
        where T : class =>
        Of<T>(manifest, (_, output, message) => write(output, message), read);

    /// <summary>A kind with one class.</summary>
    public static WireCodec Of<T>(string manifest, Action<WireContext, WireWriter, T> write, WireRead read)
        where T : class =>
        new(manifest, 1, [typeof(T)], (context, output, message) => write(context, output, (T)message), read);
}

/// <summary>Reads a message from behind its version.</summary>
internal delegate object WireRead(WireContext context, ref WireReader input);
