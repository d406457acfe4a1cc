using System.Text;

namespace Streaming.Features.Tests.Language;

/// <summary>Nothing that a definition file holds makes the language throw. A failure carries the seed that repeats it.</summary>
public class DamagedDefinitionsSpec
{
    private static readonly string[] s_fragments =
    [
        "a", "b.c", "\"q\"", "\"", "\"\"\"", "=", ":", "{", "}", "[", "]", ",", "+=", "\n", " ", "#x", "//", "${", "${x}", "\\", "\\n", "include ",
        "\"x\"", "\0", "\uD800", "7d", ".", "*", "\r",
    ];

    [Fact]
    public void Random_bytes_never_throw_in_any_layer()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var bytes = new byte[200];
            new Random(seed).NextBytes(bytes);

            Registry.Parse(Encoding.UTF8.GetString(bytes));
            Registry.Parse(Encoding.Latin1.GetString(bytes));
        }
    }

    [Fact]
    public void Definitions_with_random_damage_never_throw()
    {
        var good = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests/Streaming.Features.Tests/Language/Samples/services.conf"));
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder(good);
            for (var i = 0; i < 10; i++)
            {
                var at = random.Next(text.Length);
                text.Remove(at, Math.Min(random.Next(4), text.Length - at)).Insert(at, s_fragments[random.Next(s_fragments.Length)]);
            }

            var (definitions, _) = Registry.Parse(text.ToString());
            Assert.All(definitions.Views, view => Assert.False(view.Features.IsDefault));
        }
    }
}
