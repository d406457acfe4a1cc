using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Streaming.Chaos.Processes;
using Streaming.Contracts.Events;

namespace Streaming.Chaos.Loads;

/// <summary>A client of POST /events. What it got no answer for is in the log, or not; it is not sent again.</summary>
internal sealed class HttpLoad(World world, Ledger ledger, EventMaker maker)
{
    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            var topic = maker.Topic();
            var events = Enumerable.Range(0, 1 + maker.Draw(20)).Select(_ => maker.Event(topic)).ToList();
            if (world.Node is { } node)
            {
                await PostAsync(node, topic, events);
            }

            await Task.Delay(10 + maker.Draw(30), stop);
        }
    }

    private async Task PostAsync(NodeProcess node, string topic, List<object> events)
    {
        try
        {
            using var answer = await node.Client.PostAsJsonAsync(new Uri($"events/{topic}", UriKind.Relative), events.Select(Json));
            if (answer.StatusCode == HttpStatusCode.Accepted)
            {
                events.ForEach(each => ledger.Acknowledge(EventMaker.IdOf(each)));
                ledger.Count("posts accepted");
            }
            else if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                ledger.Count("posts refused");
            }
            else
            {
                ledger.Violate($"POST /events/{topic} of good events was answered with {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            }
        }
        catch (Exception away) when (NodeProcess.IsAway(away))
        {
            ledger.Count("posts without an answer");
        }
    }

    /// <summary>An event as its client writes it.</summary>
    public static object Json(object each) => each switch
    {
        Transaction one => new
        {
            event_id = one.EventId,
            card_id = one.CardId,
            terminal_id = one.TerminalId,
            amount = one.Amount,
            ts = one.Ts.Millis,
            channel = one.Channel,
            fraud = one.Fraud,
        },
        Click one => new
        {
            event_id = one.EventId,
            user_id = one.UserId,
            session_id = one.SessionId,
            item_id = one.ItemId,
            category = one.Category,
            kind = one.Kind.ToString().ToLower(CultureInfo.InvariantCulture),
            price = one.Price,
            ts = one.Ts.Millis,
        },
        Label one => new
        {
            transaction_id = one.TransactionId,
            card_id = one.CardId,
            terminal_id = one.TerminalId,
            transaction_ts = one.TransactionTs.Millis,
            fraud = one.Fraud,
            labelled_at = one.LabelledAt.Millis,
        },
        _ => throw new ArgumentException($"no event: {each.GetType()}"),
    };
}
