using FsCheck.Xunit;

namespace Streaming.Hocon.Tests;

/// <summary>Laws of the reader on random texts and trees; each message carries the seed that repeats it.</summary>
public class HoconPropertySpec
{
    private static readonly string[] s_fragments =
    [
        "a", "b.c", "\"q\"", "\"", "\"\"\"", "=", ":", "{", "}", "[", "]", ",", "+=", "\n", " ", "#x", "//", "${", "${x}", "\\", "\\n", "include ",
        "\"x\"", "\0", "\uD800", "7d", ".", "*", "\r",
    ];

    [Property(MaxTest = 20_000, EndSize = 40)]
    public void Random_fragments_never_throw_and_mistakes_lie_within_the_text(byte[] picks)
    {
        var text = string.Concat(picks.Select(pick => s_fragments[pick % s_fragments.Length]));
        var lines = text.Split('\n');
        foreach (var diagnostic in HoconReader.Read("f", text).Diagnostics)
        {
            var (_, line, column) = diagnostic.Position;
            Assert.True(line >= 1 && line <= lines.Length, $"{diagnostic}");
            Assert.True(column >= 1 && column <= lines[line - 1].Length + 1, $"{diagnostic}");
        }
    }

    [Fact]
    public void A_printed_tree_is_read_back_as_it_was()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var tree = Tree(random, 3);
            var text = string.Concat(tree.Select(member => Print(random, member.Key, member.Value)));
            var document = HoconReader.Read("f", text);

            Assert.True(document.Diagnostics.IsEmpty, $"seed {seed}: {string.Join('\n', document.Diagnostics)}\n{text}");
            Assert.True(Same(tree, document.Root), $"seed {seed}: {text}");
        }
    }

    /// <summary>An object as a dictionary, an array as a list, a scalar as a string.</summary>
    private static Dictionary<string, object> Tree(Random random, int depth) =>
        Enumerable.Range(0, random.Next(1, 4)).ToDictionary(i => Key(random) + i, _ => Value(random, depth - 1));

    private static object Value(Random random, int depth) => (depth == 0 ? 0 : random.Next(4)) switch
    {
        0 or 1 => Scalar(random),
        2 => Enumerable.Range(0, random.Next(3)).Select(_ => Value(random, depth - 1)).ToList(),
        _ => Tree(random, depth),
    };

    private static string Key(Random random) => new[] { "a", "b.c", "two words", "é", "", "x\"y", "$" }[random.Next(7)];

    private static string Scalar(Random random) =>
        new[] { "", "7d", "two words", "x\\y\"z", "a\nb", "# no comment", "${no}", "😀", " spaces ", "*" }[random.Next(10)];

    private static string Print(Random random, string key, object value)
    {
        var space = new[] { "", " ", "\t", "\n", " # comment\n" };
        string Space() => space[random.Next(space.Length)];
        var separator = value is Dictionary<string, object> && random.Next(2) == 0 ? " " : random.Next(2) == 0 ? "=" : ":";
        return $"{Space()}{Quoted(key)}{Space()}{separator}{Space()}{Print(random, value)}{new[] { ",", "\n", " ,\n", "// comment\n" }[random.Next(4)]}";
    }

    private static string Print(Random random, object value) => value switch
    {
        Dictionary<string, object> members => $"{{{string.Concat(members.Select(member => Print(random, member.Key, member.Value)))}}}",
        List<object> items => $"[{string.Join(random.Next(2) == 0 ? "," : "\n", items.Select(item => Print(random, item)))}]",
        string text => text.All(char.IsAsciiLetterOrDigit) && text.Length > 0 && random.Next(2) == 0 ? text : Quoted(text),
        _ => throw new InvalidOperationException($"no rule for {value}"),
    };

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")}\"";

    private static bool Same(object expected, HoconNode found) => (expected, found) switch
    {
        (Dictionary<string, object> members, HoconObject node) =>
            members.Keys.SequenceEqual(node.Members.Select(member => member.Key))
            && members.Values.Zip(node.Members).All(pair => Same(pair.First, pair.Second.Value)),
        (List<object> items, HoconArray node) => items.Count == node.Items.Length && items.Zip(node.Items).All(pair => Same(pair.First, pair.Second)),
        (string text, HoconScalar node) => text == node.Text,
        _ => false,
    };
}
