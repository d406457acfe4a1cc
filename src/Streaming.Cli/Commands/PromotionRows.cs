using Streaming.Contracts.Events;
using Streaming.Offline.Promotion;

namespace Streaming.Cli.Commands;

/// <summary>Pairs a champion's answers with a challenger's shadow scores of the same requests.</summary>
internal static class PromotionRows
{
    /// <summary>The pairs whose requests have a label.</summary>
    /// <param name="answers">Answers and shadow scores of one model each.</param>
    /// <param name="labels">What is known of transactions.</param>
    public static List<PromotionRow> Of(IEnumerable<Score> answers, Dictionary<string, bool> labels)
    {
        var waiting = new Dictionary<(string Request, long At), Score>();
        var rows = new List<PromotionRow>();
        foreach (var answer in answers)
        {
            var request = answer.ScoreId[..answer.ScoreId.LastIndexOf('/')];
            if (!labels.TryGetValue(request, out var isFraud))
            {
                continue;
            }

            if (!waiting.Remove((request, answer.AnsweredAt.Millis), out var other))
            {
                waiting[(request, answer.AnsweredAt.Millis)] = answer;
            }
            else if (other.Shadow != answer.Shadow)
            {
                var (champion, challenger) = answer.Shadow ? (other, answer) : (answer, other);
                rows.Add(new(isFraud, champion.Value, challenger.Value));
            }
        }

        return rows;
    }
}
