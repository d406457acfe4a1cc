using Streaming.Features.Events;

namespace Streaming.Offline.Tests.Parquet;

/// <summary>The files of ../shared/data/cases: one column of each is stored in the way that its name says.</summary>
public sealed class StoredCasesSpec
{
    private const string No = StoredValue.Refused;

    // What each file says as text, number, time and flag; its README says why.
    private static readonly Dictionary<string, (string Text, string Number, string Time, string Flag)> s_right = new()
    {
        ["binary-raw"] = (No, No, No, No),
        ["date"] = ("2026-10-01", No, "2026-10-01T00:00:00.000Z", No),
        ["dec64-2"] = ("4711", "123.45", No, No),
        ["decbytes-0"] = ("4711", "12594", No, No),
        ["decbytes-2"] = ("4711", "123.45", No, No),
        ["decflba-0"] = ("4711", "123", No, No),
        ["decflba-2"] = ("4711", "123.45", No, No),
        ["double-253+"] = (No, No, No, No),
        ["double-nan"] = (No, "null", No, "null"),
        ["float16"] = ("8", "10.5", No, "1"),
        ["int96"] = ("2026-10-01T12:00:00Z", No, "2026-10-01T12:00:00.000Z", No),
        ["int96-negnanos"] = ("1969-12-31T23:59:59.999999Z", No, "1969-12-31T23:59:59.999Z", No),
        ["string-badutf8"] = (No, No, No, No),
        ["time-us"] = ("12:00:00Z", No, No, No),
        ["ts-us"] = ("2026-10-01T12:00:00Z", No, "2026-10-01T12:00:00.000Z", No),
        ["uint64"] = ("18446744073709551615", No, "2026-10-01T12:00:00.000Z", "1"),
        ["uint64-converted"] = ("9223372036854775809", No, "2026-10-01T12:00:00.000Z", "1"),
        ["uuid"] = ("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", No, No, No),
    };

    private static string? Folder => SharedData.Find("shared/data/cases/parquet");

    [SkippableFact]
    public void Each_file_is_read_exactly_or_refused()
    {
        Skip.If(Folder is null, "shared/data/cases is not here");
        var files = Directory.GetFiles(Folder, "*.parquet");
        Assert.Equal(4 * s_right.Count, files.Length);
        Assert.All(files, file =>
        {
            var parts = Path.GetFileNameWithoutExtension(file).Split('-', 2);
            var right = s_right[parts[1]];
            var (columns, type, expected) = parts[0] switch
            {
                "text" => ((string[])["event_id", "card_id"], FieldType.Text, right.Text),
                "number" => (["amount"], FieldType.Number, right.Number),
                "time" => (["ts"], FieldType.Time, right.Time),
                _ => (["fraud"], FieldType.Flag, right.Flag),
            };
            Assert.All(columns, column => Assert.Equal(expected, StoredValue.Read(file, column, type).Value));
        });
    }
}
