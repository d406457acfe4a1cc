using System.Text.Json;
using Streaming.Contracts.Events;
using Streaming.Scoring;

namespace Streaming.Cli.Commands;

/// <summary>Counts decisions as they were answered and as they would be, with the money that they concern.</summary>
internal sealed class WhatIfTally
{
    private readonly Dictionary<(string Then, string Now), DecisionChange> _changes = [];

    /// <summary>Answers.</summary>
    public long Answers { get; private set; }

    /// <summary>Answers whose transaction has a label.</summary>
    public long Labelled { get; private set; }

    /// <summary>Answers that could not be scored again; they are in no other figure.</summary>
    public long Unscored { get; private set; }

    /// <summary>As they were answered.</summary>
    public DecisionOutcome Then { get; } = new();

    /// <summary>As they would be.</summary>
    public DecisionOutcome Now { get; } = new();

    /// <summary>What changes, most answers first.</summary>
    public IEnumerable<DecisionChange> Changes => _changes.Values.OrderByDescending(static change => change.Answers);

    /// <summary>Adds an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="now">What would be decided; null where it cannot be scored again.</param>
    /// <param name="labels">Whether each labelled transaction was fraud.</param>
    public void Add(Score answer, Decision? now, Dictionary<string, bool> labels)
    {
        Answers++;
        if (now is null)
        {
            Unscored++;
            return;
        }

        var (transaction, amount) = Request(answer.Request);
        bool? isFraud = transaction is not null && labels.TryGetValue(transaction, out var label) ? label : null;
        Labelled += isFraud is null ? 0 : 1;
        var decision = DecisionNames.Of(now.Value).Value;
        Then.Add(answer.Decision, amount, isFraud);
        Now.Add(decision, amount, isFraud);
        if (decision != answer.Decision)
        {
            var key = (answer.Decision, decision);
            if (!_changes.TryGetValue(key, out var change))
            {
                _changes.Add(key, change = new DecisionChange(answer.Decision, decision));
            }

            change.Add(amount, isFraud);
        }
    }

    private static (string? Transaction, double Amount) Request(string? json)
    {
        if (json is null)
        {
            return (null, 0);
        }

        using var document = JsonDocument.Parse(json);
        var request = document.RootElement;
        return (
            request.TryGetProperty("event_id", out var id) ? id.GetString() : null,
            request.TryGetProperty("amount", out var amount) && amount.ValueKind == JsonValueKind.Number ? amount.GetDouble() : 0);
    }
}

/// <summary>Answers whose decision changes from one to another.</summary>
/// <param name="then">As answered.</param>
/// <param name="now">As it would be.</param>
internal sealed class DecisionChange(string then, string now)
{
    /// <summary>As answered.</summary>
    public string Then => then;

    /// <summary>As it would be.</summary>
    public string Now => now;

    /// <summary>How many.</summary>
    public long Answers { get; private set; }

    /// <summary>Their amounts.</summary>
    public double Amount { get; private set; }

    /// <summary>How many of them were fraud.</summary>
    public long Frauds { get; private set; }

    /// <summary>The amounts of these.</summary>
    public double FraudAmount { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(double amount, bool? isFraud)
    {
        (Answers, Amount) = (Answers + 1, Amount + amount);
        if (isFraud == true)
        {
            (Frauds, FraudAmount) = (Frauds + 1, FraudAmount + amount);
        }
    }
}

/// <summary>What some decisions come to.</summary>
internal sealed class DecisionOutcome
{
    /// <summary>Answers approved, reviewed and declined.</summary>
    public Dictionary<string, long> Decisions { get; } = new() { ["approve"] = 0, ["review"] = 0, ["decline"] = 0 };

    /// <summary>Amounts of fraud that is declined.</summary>
    public double Caught { get; private set; }

    /// <summary>Amounts that are declined and no fraud.</summary>
    public double BlockedWrongly { get; private set; }

    /// <summary>Amounts of fraud that is approved.</summary>
    public double Missed { get; private set; }

    /// <summary>Adds an answer.</summary>
    public void Add(string decision, double amount, bool? isFraud)
    {
        Decisions[decision] = Decisions.GetValueOrDefault(decision) + 1;
        switch (decision, isFraud)
        {
            case ("decline", true):
                Caught += amount;
                break;
            case ("decline", false):
                BlockedWrongly += amount;
                break;
            case ("approve", true):
                Missed += amount;
                break;
            default:
                break;
        }
    }
}
