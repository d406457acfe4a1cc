namespace Streaming.Simulation.Generators;

/// <summary>What a session of clicks is about; no click says it.</summary>
/// <param name="ExtraViews">Mean number of views after the first.</param>
/// <param name="Stays">The probability that the next item is of the same category.</param>
/// <param name="CartShare">The probability that an item of mean appeal goes into the cart when it is looked at.</param>
/// <param name="PurchaseShare">The probability that an item in the cart is bought.</param>
internal sealed record SessionIntent(double ExtraViews, double Stays, double CartShare, double PurchaseShare);
