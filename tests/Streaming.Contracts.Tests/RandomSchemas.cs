using Avro;

namespace Streaming.Contracts.Tests;

/// <summary>Small random records that name each other, and themselves, in unions and arrays; all of one world have the same few names.</summary>
internal sealed class RandomSchemas(int seed)
{
    private const int Records = 3;
    private readonly HashSet<string> _defined = [];
    private readonly Random _leaves = new(seed);
    private Random _random = new(seed);

    /// <summary>Another record <c>R0</c>; those of one shape differ in their numbers only.</summary>
    public RecordSchema Next(int shape)
    {
        _defined.Clear();
        _random = new Random(shape);
        return Writers.Parse(Named("R0"));
    }

    private string Named(string name)
    {
        if (!_defined.Add(name))
        {
            return $"\"{name}\"";
        }

        var fields = Enumerable.Range(0, _random.Next(1, 4)).Select(i => $$"""{"name":"{{"abcd"[i]}}","type":{{Type()}}}""").ToList();
        return $$"""{"type":"record","name":"{{name}}","fields":[{{string.Join(',', fields)}}]}""";
    }

    private string Type() => _random.Next(6) switch
    {
        0 => Primitive(),
        1 => Named(AnyName()),
        2 => $$"""{"type":"array","items":{{Type()}}}""",
        _ => Union(),
    };

    // Branches of a union have different types, and records different names.
    private string Union()
    {
        List<string> branches = [.. Enumerable.Range(0, Records).Where(_ => _random.Next(2) == 0).Select(i => Named($"R{i}"))];
        branches.Insert(_random.Next(branches.Count + 1), "\"null\"");
        if (_random.Next(2) == 0)
        {
            branches.Add(Primitive());
        }

        return $"[{string.Join(',', branches)}]";
    }

    private string AnyName() => $"R{_random.Next(Records)}";

    private string Primitive() => _leaves.Next(8) == 0 ? "\"long\"" : "\"int\"";
}
