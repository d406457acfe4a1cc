namespace Streaming.Simulation.Generators;

/// <summary>One simulated payment.</summary>
/// <param name="Id">Unique within one generator: day times <see cref="TransactionDay.IdsPerDay"/> plus the row of that day.</param>
/// <param name="TimeMillis">Event time, milliseconds since the epoch.</param>
/// <param name="Card">The card's number; its id is <c>card_N</c>, its user's is <c>user_N</c>.</param>
/// <param name="Terminal">The terminal's number; its id is <c>terminal_N</c>.</param>
/// <param name="Amount">In whole cents, 0 or more.</param>
/// <param name="Scenario">The ground truth.</param>
public readonly record struct GeneratedTransaction(long Id, long TimeMillis, int Card, int Terminal, double Amount, FraudScenario Scenario)
{
    /// <summary>Whether it is a fraud.</summary>
    public bool Fraud => Scenario != FraudScenario.None;

    /// <summary>Its label, known <paramref name="delay"/> after it.</summary>
    public GeneratedLabel Label(TimeSpan delay) => new(Id, Card, Terminal, TimeMillis, Fraud, TimeMillis + (long)delay.TotalMilliseconds);
}

/// <summary>What became known of a transaction, and when.</summary>
/// <param name="TransactionId">The transaction's <see cref="GeneratedTransaction.Id"/>.</param>
/// <param name="Card">Its card's number.</param>
/// <param name="Terminal">Its terminal's number.</param>
/// <param name="TransactionTimeMillis">Its event time.</param>
/// <param name="Fraud">The ground truth.</param>
/// <param name="LabelledAtMillis">When the truth became known.</param>
public readonly record struct GeneratedLabel(
    long TransactionId, int Card, int Terminal, long TransactionTimeMillis, bool Fraud, long LabelledAtMillis);
