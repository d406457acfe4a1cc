using System.Globalization;

namespace Streaming.Hocon;

/// <summary>Reads the keys of one object, and reports those of the wrong shape, given twice, missing or unknown.</summary>
public sealed class MemberReader
{
    private readonly HoconObject _node;
    private readonly string _owner;
    private readonly List<Diagnostic> _diagnostics;

    /// <param name="node">The object.</param>
    /// <param name="owner">What it declares, for messages: <c>the view "card_activity"</c>.</param>
    /// <param name="position">Where that is named.</param>
    /// <param name="diagnostics">Where mistakes go.</param>
    public MemberReader(HoconObject node, string owner, SourcePosition position, List<Diagnostic> diagnostics)
    {
        _node = node;
        _owner = owner;
        Position = position;
        _diagnostics = diagnostics;
        foreach (var member in node.Members)
        {
            foreach (var place in member.Places.Skip(1))
            {
                Report(HoconDiagnostics.DuplicateKey(place, member.Key, member.Places[0]));
            }
        }
    }

    /// <summary>
    /// Says that something other than an object stands where one must; a value that could not be read is reported already.
    /// </summary>
    public static void ReportNoObject(HoconNode found, string key, string expected, List<Diagnostic> diagnostics)
    {
        if (found is not HoconFault)
        {
            diagnostics.Add(HoconDiagnostics.WrongShape(found.Position, key, ShapeOf(found), expected));
        }
    }

    /// <summary>Where the object is named.</summary>
    public SourcePosition Position { get; }

    /// <summary>Its members, in order.</summary>
    public IEnumerable<HoconMember> Members => _node.Members;

    /// <summary>Whether every value could be read; where not, that is reported already.</summary>
    public bool IsWhole => _node.Members.All(member => member.Value switch
    {
        HoconFault => false,
        HoconArray array => array.Items.All(item => item is not HoconFault),
        _ => true,
    });

    /// <summary>Adds a mistake that the caller found.</summary>
    public void Report(Diagnostic diagnostic) => _diagnostics.Add(diagnostic);

    /// <summary>Whether the key is given.</summary>
    public bool Has(string key) => _node[key] is not null;

    /// <summary>Reports every key that is not one of <paramref name="known"/>.</summary>
    public void RejectUnknown(params IEnumerable<string> known)
    {
        foreach (var member in _node.Members.Where(member => !known.Contains(member.Key)))
        {
            Report(HoconDiagnostics.UnknownKey(member.KeyPosition, member.Key, _owner, known));
        }
    }

    /// <summary>A single value; null when it is left out, or is something else, which is reported.</summary>
    public HoconScalar? Scalar(string key) => _node[key] is { } member ? ScalarOf(key, member.Value, "one value") : null;

    /// <summary>A single value; null when it is left out or is something else, which is reported with a sample of a right one.</summary>
    public HoconScalar? Required(string key, string sample)
    {
        ReportMissing(key, sample);
        return Scalar(key);
    }

    /// <summary>An object; null when it is left out or is something else, which is reported.</summary>
    public HoconObject? Section(string key)
    {
        var value = _node[key]?.Value;
        if (value is not (null or HoconObject or HoconFault))
        {
            Report(HoconDiagnostics.WrongShape(value.Position, key, ShapeOf(value), "an object in braces"));
        }

        return value as HoconObject;
    }

    /// <summary>One value or an array of them; null when it is left out or holds something else, which is reported.</summary>
    public List<HoconScalar>? Scalars(string key, string expected)
    {
        if (_node[key] is not { } member)
        {
            return null;
        }

        var nodes = member.Value is HoconArray array ? array.Items : [member.Value];
        var scalars = nodes.Select(node => ScalarOf(key, node, "a value or an array of values")).OfType<HoconScalar>().ToList();
        if (nodes.IsEmpty)
        {
            ReportEmpty(member.Value.Position, key, expected);
        }

        return scalars.Count == nodes.Length && !nodes.IsEmpty ? scalars : null;
    }

    /// <summary>Reports something at a key that holds nothing, where something must.</summary>
    public void ReportEmpty(SourcePosition position, string key, string expected) =>
        Report(HoconDiagnostics.Empty(position, key, expected));

    /// <summary>Reports a key that must be given, where it is not.</summary>
    public void ReportMissing(string key, string sample)
    {
        if (!Has(key))
        {
            Report(HoconDiagnostics.MissingKey(Position, key, _owner, sample));
        }
    }

    /// <summary>A duration of at least <paramref name="minimum"/> ms; null when it is left out or wrong, which is reported.</summary>
    public long? Duration(string key, long minimum, string expected) =>
        Scalar(key) is { } scalar ? Duration(key, scalar, minimum, expected) : null;

    /// <summary>
    /// A duration of at least <paramref name="minimum"/> ms at one of a key's values; null when it is wrong, which is reported.
    /// </summary>
    public long? Duration(string key, HoconScalar scalar, long minimum, string expected)
    {
        if (!Hocon.Duration.TryParse(scalar.Text, out var millis))
        {
            Report(HoconDiagnostics.NotADuration(scalar.Position, scalar.Text));
            return null;
        }

        if (millis < minimum)
        {
            Report(HoconDiagnostics.DurationTooSmall(scalar.Position, key, scalar.Text, expected));
            return null;
        }

        return millis;
    }

    /// <summary>
    /// A finite number, true (1) or false (0) where <paramref name="orFlag"/>; null when left out or wrong, which is reported.
    /// </summary>
    public double? Number(string key, bool orFlag = false)
    {
        if (Scalar(key) is not { } scalar)
        {
            return null;
        }

        if (orFlag && scalar.Text is "true" or "false")
        {
            return scalar.Text == "true" ? 1 : 0;
        }

        if (double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return number;
        }

        Report(HoconDiagnostics.NotANumber(scalar.Position, key, scalar.Text));
        return null;
    }

    private HoconScalar? ScalarOf(string key, HoconNode node, string expected)
    {
        if (node is not (HoconScalar or HoconFault))
        {
            Report(HoconDiagnostics.WrongShape(node.Position, key, ShapeOf(node), expected));
        }

        return node as HoconScalar;
    }

    private static string ShapeOf(HoconNode node) => node switch
    {
        HoconObject => "an object",
        HoconArray => "an array",
        _ => "one value",
    };
}
