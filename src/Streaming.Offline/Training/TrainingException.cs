namespace Streaming.Offline.Training;

/// <summary>Nothing can be learned from these rows; the message says what to change.</summary>
public sealed class TrainingException(string message) : Exception(message);
