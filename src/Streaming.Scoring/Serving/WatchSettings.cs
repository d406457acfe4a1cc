namespace Streaming.Scoring.Serving;

/// <summary>When a version that was swapped in goes back to the one before; the keys under <c>streaming.models.watch</c>.</summary>
/// <param name="Period">How long it is watched; zero for not at all.</param>
/// <param name="FaultRatioMax">The largest share of answers that may be fallbacks by the model's fault.</param>
/// <param name="LatencyMax">What 99 of 100 answers may take.</param>
/// <param name="AnswersMin">Answers without which neither is judged.</param>
public sealed record WatchSettings(TimeSpan Period, double FaultRatioMax, TimeSpan LatencyMax, int AnswersMin);
