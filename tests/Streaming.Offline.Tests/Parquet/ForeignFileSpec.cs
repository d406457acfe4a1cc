using Streaming.Offline.Parquet;

namespace Streaming.Offline.Tests.Parquet;

/// <summary>What a file is that cannot be read as it is named, and what makes one of it that can.</summary>
public sealed class ForeignFileSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("t.csv", "FFFE6100", "is UTF-16; turn it into UTF-8: iconv -f UTF-16 -t UTF-8 {0} > new.csv")]
    [InlineData("t.tsv", "FEFF0061", "is UTF-16; turn it into UTF-8: iconv -f UTF-16 -t UTF-8 {0} > new.tsv")]
    [InlineData("t.csv", "FFFE000061000000", "is UTF-32; turn it into UTF-8: iconv -f UTF-32 -t UTF-8 {0} > new.csv")]
    [InlineData("t.csv", "61002C006200", "is UTF-16; turn it into UTF-8: iconv -f UTF-16LE -t UTF-8 {0} > new.csv")]
    [InlineData("t.csv", "0061002C0062", "is UTF-16; turn it into UTF-8: iconv -f UTF-16BE -t UTF-8 {0} > new.csv")]
    [InlineData("t.csv.gz", "1F8B0800", "is compressed with gzip; unpack it: gzip -dk {0}")]
    [InlineData("t.csv", "1F8B0800", "is compressed with gzip; unpack it: gzip -dc {0} > new.csv")]
    [InlineData("t.parquet.gz", "1F8B0800", "is compressed with gzip; unpack it: gzip -dk {0}")]
    [InlineData("t.csv.zst", "28B52FFD", "is compressed with Zstandard; unpack it: zstd -d {0}")]
    [InlineData("t.csv.bz2", "425A6839314159265359", "is compressed with bzip2; unpack it: bzip2 -dk {0}")]
    [InlineData("t.csv.xz", "FD377A585A00", "is compressed with xz; unpack it: xz -dk {0}")]
    [InlineData("t.csv.zip", "504B0304", "is a ZIP archive; unpack it: unzip {0}")]
    [InlineData("t.xlsx", "504B0304", "is an Excel workbook; save the sheet as CSV in UTF-8")]
    [InlineData("t.csv", "50415231", "is Parquet; call the file .parquet")]
    public void A_file_of_another_kind_is_told_with_what_makes_CSV_of_it(string name, string bytes, string expected)
    {
        File.WriteAllBytes(_folder[name], Convert.FromHexString(bytes));
        var error = Assert.Throws<TableFormatException>(() => TableFile.Open(_folder[name]));
        Assert.Equal($"{_folder[name]}: the file {string.Format(System.Globalization.CultureInfo.InvariantCulture, expected, _folder[name])}", error.Message);
    }

    [Theory]
    [InlineData("sep=,\na,b\n1,2\n", "its first line, 'sep=,', is for Excel; remove it: tail -n +2 {0} > new.csv")]
    [InlineData("\"sep=,\"\r\na,b\r\n1,2\r\n", "its first line, 'sep=,', is for Excel; remove it: tail -n +2 {0} > new.csv")]
    [InlineData("\uFEFFsep=;\r\na;b\r\n1;2\r\n", "its first line, 'sep=;', is for Excel; remove it: tail -n +2 {0} > new.csv. It says that semicolons separate values; write the file with commas between values, and points in decimal numbers")]
    [InlineData("SEP=\t\na\tb\n", "its first line, 'SEP=\t', is for Excel; remove it: tail -n +2 {0} > new.csv. It says that tabs separate values; call the file .tsv")]
    public void A_first_line_for_Excel_is_told(string text, string expected)
    {
        File.WriteAllText(_folder["t.csv"], text);
        var error = Assert.Throws<TableFormatException>(() => TableFile.Open(_folder["t.csv"]));
        Assert.Equal($"{_folder["t.csv"]}: {expected.Replace("{0}", _folder["t.csv"], StringComparison.Ordinal)}", error.Message);
    }
}
