using System.Collections.Immutable;
using Streaming.Hocon;
using Streaming.Offline.Training.Protocols;

namespace Streaming.Offline.Tests.Training.Protocols;

/// <summary>A training that fits <see cref="Rows"/>, which have 21 days from 1970 on, and changes of its text.</summary>
internal static class Protocols
{
    public const string Text = """
        training small {
          model = fraud
          label = fraud
          card = card_id
          split { train = 4d, delay = 2d, test = 3d }
          folds { validation = ["1970-01-01", "1970-01-02"], test = ["1970-01-09"] }
          search { trials = 3, seed = 1, choose-by = average_precision }
          early-stopping { every = 4, patience = 8 }
          calibration = isotonic
          costs { missed-fraud = amount, false-alarm = 20, review = 2 }
          candidates {
            line { learner = logistic-regression, service = s, space { l2 = [0.1, 1] } }
            trees {
              learner = lightgbm
              service = s
              rounds = 40
              space { num_leaves = [4, 8], learning_rate = [0.1, 0.3], min_data_in_leaf = [20], monotone = [0, 1], boosters = [2] }
              ascending = [amount]
              groups { money = [amount, avg_7d], risk = [risk_7d] }
            }
          }
        }
        """;

    public static (ImmutableArray<TrainingProtocol> Protocols, ImmutableArray<Diagnostic> Diagnostics) Read(string text) =>
        TrainingProtocols.Parse([("models/small.conf", text)]);

    public static TrainingProtocol Small(string text = Text)
    {
        var (protocols, diagnostics) = Read(text);
        Assert.Empty(diagnostics);
        return Assert.Single(protocols);
    }
}
