using System.Text;

namespace Streaming.Cli.Tests;

/// <summary>Text that one thread reads while others write it.</summary>
internal sealed class SharedText : TextWriter
{
    private readonly StringBuilder _text = new();

    public SharedText() => NewLine = "\n";

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_text)
        {
            _text.Append(value);
        }
    }

    public override void Write(string? value)
    {
        lock (_text)
        {
            _text.Append(value);
        }
    }

    public override string ToString()
    {
        lock (_text)
        {
            return _text.ToString();
        }
    }
}
