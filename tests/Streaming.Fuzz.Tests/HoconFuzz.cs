using System.Text;
using Streaming.Contracts.Schemas;
using Streaming.Hocon;
using Streaming.Features.Plans;

namespace Streaming.Fuzz.Tests;

public sealed class HoconFuzz
{
    private static readonly string[] s_texts =
    [
        "streaming.http { listen = \"127.0.0.1:80\", timeout = 5s } # note\n// other\na.b.c = [1, 2.5, {x = ${?Y}}, null]\n",
        "a = \"\"\"many\nlines\"\"\"\nb += 1\ninclude \"c.conf\"\n\"d.e\" : true\nf = ${a} ${b}",
        "feature-view v { entity = card, source = transactions, key = card_id, time = ts, features { n { count = \"*\", over = [1h, 7d] }, s { sum = amount, where = \"amount > 2\" } } }",
    ];

    [Fact]
    public void A_text_is_a_document_with_its_mistakes_each_at_a_place_within_it()
    {
        byte[][] corpus = [.. s_texts.Select(Encoding.UTF8.GetBytes)];
        FuzzRun.Run(corpus, bytes =>
        {
            var text = Encoding.UTF8.GetString(bytes);
            var document = HoconReader.Read("f.conf", text);
            Assert.All(document.Diagnostics, found => Assert.InRange(found.Position.Line, 1, text.Count(letter => letter == '\n') + 2));
        });
    }

    [Fact]
    public void A_text_of_definitions_is_a_catalog_or_faults()
    {
        byte[][] corpus = [.. s_texts.Skip(2).Select(Encoding.UTF8.GetBytes)];
        FuzzRun.Run(corpus, bytes =>
        {
            var (catalog, diagnostics) = FeatureCatalog.Compile([("f.conf", Encoding.UTF8.GetString(bytes))], [.. EventSchemas.Sources.Values]);
            Assert.True(catalog is not null || !diagnostics.IsEmpty);
        });
    }
}
