// Hot: once per score, off its request's path.
using System.Buffers;
using System.Text.Json;

namespace Streaming.Scoring.ScoreLogs;

/// <summary>The buffer in which parts of logged answers become JSON, one after another. Used by one thread at a time.</summary>
internal sealed class ScoreJson : IDisposable
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _writer;

    public ScoreJson() => _writer = new(_bytes);

    /// <summary>What was written last.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Replaces what was written by an entry's request.</summary>
    public void Write(ScoreEntry entry)
    {
        _bytes.ResetWrittenCount();
        _writer.Reset();
        entry.WriteRequest(_writer);
        _writer.Flush();
    }

    /// <summary>Replaces what was written by what an entry's entities had applied.</summary>
    public void WriteKnown(ScoreEntry entry)
    {
        _bytes.ResetWrittenCount();
        _writer.Reset();
        entry.Known.Write(_writer);
        _writer.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
