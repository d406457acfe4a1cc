using System.Globalization;

namespace Streaming.Offline.Training.LightGbm;

/// <summary>A paragraph of LightGBM's model text, its lines of key=value; and values as C++ writes them.</summary>
internal sealed class LightGbmSection
{
    private readonly Dictionary<string, string> _values = [];

    /// <summary>Forgets all lines, for the next paragraph.</summary>
    public void Clear() => _values.Clear();

    /// <summary>Takes a line; one without a key is passed over.</summary>
    public void Add(ReadOnlySpan<char> line)
    {
        var equals = line.IndexOf('=');
        if (equals > 0)
        {
            _values[line[..equals].ToString()] = line[(equals + 1)..].ToString();
        }
    }

    /// <summary>Whether a key is given that is not 0.</summary>
    public bool Has(string key) => _values.TryGetValue(key, out var value) && value != "0";

    /// <summary>A key's value.</summary>
    /// <exception cref="FormatException">There is no such key in <paramref name="where"/>.</exception>
    public string Value(string key, string where) =>
        _values.TryGetValue(key, out var value) ? value : throw new FormatException($"LightGBM model text: {where} has no '{key}='");

    /// <summary>A key's values, which blanks separate.</summary>
    /// <exception cref="FormatException">There is no such key in <paramref name="where"/>.</exception>
    public string[] Values(string key, string where) => Value(key, where).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static int Number(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    // C++ spells these so; a gain is infinite where a leaf's rows have no curvature left.
    public static double Real(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" or "-nan" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}
