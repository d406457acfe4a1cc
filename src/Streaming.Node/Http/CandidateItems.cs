using System.Text;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;

namespace Streaming.Node.Http;

/// <summary>
/// Which items may be recommended to a user: what it looked at and put into the cart last, and what others bought, put into the cart and
/// looked at last in the categories that it looks at. Never more than <see cref="Max"/>.
/// </summary>
internal sealed class CandidateItems(IFeatureStore store)
{
    /// <summary>The most candidates; each costs a score.</summary>
    public const int Max = 32;

    private static readonly string[] s_ofUser = ["user_recent.carted_1d", "user_recent.viewed_1d", "user_earlier.viewed_1d"];
    private static readonly string[] s_categories = ["user_recent.category_1d", "user_earlier.category_1d"];
    private static readonly string[] s_ofCategory = ["category_clicks.bought_1d", "category_clicks.carted_1d", "category_clicks.viewed_1d"];

    /// <summary>The candidates with their categories (null where nothing is known), those of the user first.</summary>
    /// <param name="user">The user.</param>
    /// <param name="category">One whose items are asked for too; null for none.</param>
    /// <param name="atMillis">The read time.</param>
    /// <param name="spent">Cancelled when the request's budget is spent: what is not in this node's memory is left out then.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The candidates, and whether any look-up was left out.</returns>
    /// <exception cref="TimeoutException">An entity did not answer in time.</exception>
    public async Task<(List<(string Item, string? Category)> Items, bool IsCut)> OfAsync(
        string user, string? category, long atMillis, CancellationToken spent, CancellationToken cancellation)
    {
        var isCut = false;
        async ValueTask<Dictionary<string, string>> LookAsync(string type, string key)
        {
            try
            {
                return await TextsAsync(type, key, atMillis, spent, cancellation);
            }
            catch (OperationCanceledException) when (spent.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                isCut = true;
                return [];
            }
        }

        var texts = await LookAsync("user", user);
        var items = s_ofUser.Select(texts.GetValueOrDefault).ToList();
        foreach (var each in s_categories.Select(texts.GetValueOrDefault).Prepend(category).OfType<string>().Distinct())
        {
            var popular = await LookAsync("category", each);
            items.AddRange(s_ofCategory.Select(popular.GetValueOrDefault));
        }

        var candidates = new List<(string, string?)>();
        foreach (var item in items.OfType<string>().Distinct().Take(Max))
        {
            var known = await LookAsync("item", item);
            candidates.Add((item, known.GetValueOrDefault("item_clicks.category_7d")));
        }

        return (candidates, isCut);
    }

    // Of one entity, every feature that is a text and present, by its full name; nothing of a type that is not declared.
    private async ValueTask<Dictionary<string, string>> TextsAsync(
        string type, string key, long atMillis, CancellationToken spent, CancellationToken cancellation)
    {
        var texts = new Dictionary<string, string>();
        if (store.Catalog.FindEntity(type) is not { } entity)
        {
            return texts;
        }

        var plan = entity.AllFeatures;
        var values = new FeatureValue[plan.OutputLength];
        var utf8 = Encoding.UTF8.GetBytes(key);
        var outcome = store.TryRead(plan, utf8, atMillis, null, 0, values);
        if (outcome is not (ReadOutcome.Done or ReadOutcome.TooOld))
        {
            outcome = await store.ReadAsync(plan, utf8, atMillis, null, 0, values, cancellation).AsTask().WaitAsync(spent);
        }

        if (outcome != ReadOutcome.Done)
        {
            throw new TimeoutException($"the {type} \"{key}\" could not be read ({outcome})");
        }

        foreach (var (feature, value) in entity.Views.SelectMany(view => view.Features).Zip(values))
        {
            if (value is { Status: FeatureStatus.Present, Text: { } text })
            {
                texts[feature.FullName] = text;
            }
        }

        return texts;
    }
}
