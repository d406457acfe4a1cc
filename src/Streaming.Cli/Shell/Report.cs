using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Streaming.Cli.Shell;

/// <summary>A command's result: a table for people, or JSON for programs.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Prints a value as JSON; property names are snake_case and stay.</summary>
    public static void Json<T>(Terminal terminal, T value) => terminal.Out.WriteLine(JsonSerializer.Serialize(value, s_json));

    /// <summary>Prints rows under their headings.</summary>
    public static void Table(Terminal terminal, IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(new Text(heading.ToUpperInvariant())) { NoWrap = false, Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        terminal.Tables().Write(table);
    }

    /// <summary>Prints names and values, one pair a line.</summary>
    public static void Pairs(Terminal terminal, IReadOnlyList<(string Name, string Value)> pairs)
    {
        var width = pairs.Max(p => p.Name.Length);
        foreach (var (name, value) in pairs)
        {
            terminal.Out.WriteLine($"{name.PadRight(width)}  {value}");
        }
    }
}
