namespace Streaming.Simulation.Generators;

/// <summary>
/// What is fixed about a terminal. Only its place follows the published simulator; the rest fills the event's other fields.
/// </summary>
/// <param name="X">Place in the square of 100 x 100.</param>
/// <param name="Y">Place in the square of 100 x 100.</param>
/// <param name="Mcc">Merchant category code.</param>
/// <param name="Country">ISO 3166 code of two letters.</param>
/// <param name="Channel"><c>pos</c> or <c>online</c>.</param>
public readonly record struct TerminalProfile(double X, double Y, string Mcc, string Country, string Channel);

/// <summary>What is fixed about a card.</summary>
/// <param name="X">Home, in the square of 100 x 100.</param>
/// <param name="Y">Home, in the square of 100 x 100.</param>
/// <param name="MeanAmount">Mean of its amounts; their standard deviation is half of it.</param>
/// <param name="MeanPerDay">Mean number of transactions a day.</param>
public readonly record struct CardProfile(double X, double Y, double MeanAmount, double MeanPerDay);

/// <summary>What is fixed about a user of the shop.</summary>
/// <param name="SessionsPerDay">Mean number of sessions a day.</param>
/// <param name="Favourite">The category that it looks at most.</param>
/// <param name="Second">The category that it looks at next.</param>
/// <param name="Eagerness">The share of its sessions in which it means to buy.</param>
internal readonly record struct UserProfile(double SessionsPerDay, int Favourite, int Second, double Eagerness);
