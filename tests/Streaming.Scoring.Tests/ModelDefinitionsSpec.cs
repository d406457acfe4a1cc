using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Hocon;
using Streaming.Scoring.Definitions;

namespace Streaming.Scoring.Tests;

public sealed class ModelDefinitionsSpec
{
    private static readonly string s_right = """
        model fraud {
          service = fraud
          file = "fraud.onnx"
          champion = true
          thresholds { review = 0.3, decline = 0.8 }
          fallback { score = 0.5, decision = review }
          request { required = [card_id, amount], minimum { amount = 0 }, defaults { currency = EUR } }
          reasons { high_amount = "request.amount > 220", busy = "card_activity.tx_count_1d >= 3" }
        }
        """;

    [Fact]
    public void A_right_definition_is_read_whole()
    {
        var (models, diagnostics) = Parse(s_right);
        Assert.Empty(diagnostics);
        var model = Assert.Single(models);
        Assert.Equal(("fraud", "fraud", true), (model.Name, model.Service, model.IsChampion));
        Assert.Equal(Path.Combine("schemas", "models", "fraud.onnx"), model.File);
        Assert.Equal((new Thresholds(0.3, 0.8), new Fallback(0.5, Decision.Review)), (model.Thresholds, model.Fallback));
        Assert.Equal(["card_id", "amount"], model.Request.Required.AsEnumerable());
        Assert.Equal((0, "EUR"), (model.Request.Minimum["amount"], model.Request.Defaults["currency"]));
        Assert.Equal(["high_amount", "busy"], model.Reasons.Select(reason => reason.Name));
    }

    [Fact]
    public void What_is_said_of_features_is_read_with_codes_of_their_own_or_the_features_names()
    {
        const string texts = """
            explain = 3, describe { "request.amount" = "the amount", "card_activity.tx_count_1d" { code = A02, text = "today's payments" } }
            """;
        var (models, diagnostics) = Parse(s_right.Replace("champion = true", "champion = true, " + texts, StringComparison.Ordinal));
        Assert.Empty(diagnostics);
        var explain = Assert.Single(models).Explain;
        Assert.Equal(3, explain.Top);
        Assert.Equal(new FeatureText("request.amount", "the amount"), explain.Texts["request.amount"]);
        Assert.Equal(new FeatureText("A02", "today's payments"), explain.Texts["card_activity.tx_count_1d"]);
    }

    [Theory]
    [InlineData("explain = all", "MD037", "from 0 to 64")]
    [InlineData("explain = 65", "MD037", "from 0 to 64")]
    [InlineData("describe { \"request.amuont\" = x }", "MD038", "did you mean \"request.amount\"?")]
    [InlineData("describe { request.amount = x }", "MD038", "in quotes")]
    [InlineData("describe { \"request.amount\" { code = card_activity.tx_count_1d, text = x } }", "MD039", "that of \"card_activity.tx_count_1d\"")]
    [InlineData("describe { \"request.amount\" { code = A1 } }", "FV015", "text = ")]
    public void A_mistake_in_what_is_said_of_features_names_its_place(string wrong, string code, string says)
    {
        var (_, diagnostics) = Parse(s_right.Replace("champion = true", "champion = true, " + wrong, StringComparison.Ordinal));
        Assert.Contains(diagnostics, diagnostic =>
            diagnostic.Code == code && diagnostic.Position.Line == 4 && diagnostic.Message.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void The_definition_that_is_shipped_is_right()
    {
        var root = RepositoryRoot.Path;
        var features = Directory.GetFiles(Path.Combine(root, "schemas", "features"), "*.conf").Order().Select(file => (file, File.ReadAllText(file))).ToArray();
        var (catalog, diagnostics) = FeatureCatalog.Compile(features, Sources());
        Assert.Empty(diagnostics);
        var file = Path.Combine(root, "schemas", "models", "fraud.conf");
        var (models, faults) = ModelDefinitions.Parse([(file, File.ReadAllText(file))], catalog!);
        Assert.Empty(faults);
        Assert.True(Assert.Single(models).IsChampion);
    }

    [Theory]
    [InlineData("service = fraud", "service = fruad", "MD005", 2, "did you mean \"fraud\"?")]
    [InlineData("service = fraud", "", "FV015", 1, "service = fraud")]
    [InlineData("file = \"fraud.onnx\"", "fiel = \"fraud.onnx\"", "FV014", 3, "did you mean \"file\"?")]
    [InlineData("champion = true", "champion = maybe", "FV039", 4, "maybe")]
    [InlineData("champion = true", "champion = false", "MD003", 1, "champion = true")]
    [InlineData("review = 0.3", "review = 0.9", "MD007", 5, "swap them")]
    [InlineData("review = 0.3", "review = 1.3", "MD006", 5, "from 0 to 1")]
    [InlineData("review = 0.3, ", "", "FV015", 5, "review = 0.3")]
    [InlineData("decision = review", "decision = reviwe", "MD008", 6, "approve, review or decline; did you mean \"review\"?")]
    [InlineData("decision = review", "decision = x", "MD008", 6, "approve, review or decline")]
    [InlineData("required = [card_id, amount]", "required = [card, amount]", "MD009", 7, "expected a field of transactions")]
    [InlineData("minimum { amount = 0 }", "minimum { card_id = 0 }", "MD010", 7, "expected a number with a minimum")]
    [InlineData("defaults { currency = EUR }", "defaults { amount = 1 }", "MD010", 7, "expected a text with a default")]
    [InlineData("request.amount > 220", "request.amuont > 220", "FV060", 8, "did you mean \"request.amount\"?")]
    [InlineData("request.amount > 220", "request.amount + 220", "FV054", 8, "expected a flag")]
    [InlineData("model fraud", "modle fraud", "MD001", 1, "expected \"model NAME\"")]
    public void A_mistake_names_its_place_and_the_way_out(string right, string wrong, string code, int line, string says)
    {
        var (_, diagnostics) = Parse(s_right.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Contains(diagnostics, diagnostic =>
            diagnostic.Code == code && diagnostic.Position.Line == line && diagnostic.Message.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_champions_and_two_models_of_a_name_are_mistakes()
    {
        var second = s_right.Replace("model fraud", "model second", StringComparison.Ordinal);
        Assert.Equal(["MD004"], Parse(s_right + "\n" + second).Diagnostics.Select(diagnostic => diagnostic.Code));
        Assert.Equal(["MD002"], Parse(s_right + "\n" + s_right).Diagnostics.Select(diagnostic => diagnostic.Code));
    }

    private static (IReadOnlyList<ModelDefinition> Models, IReadOnlyList<Diagnostic> Diagnostics) Parse(string text)
    {
        var (models, diagnostics) = ModelDefinitions.Parse([(Path.Combine("schemas", "models", "fraud.conf"), text)], Samples.Catalog());
        return (models, diagnostics);
    }

    private static EventSource[] Sources() => [Samples.Transactions, Samples.Labels, Samples.Clicks];
}
