namespace Streaming.Log.Embedded;

/// <summary>Deletes a topic with its records and committed offsets; the result tells whether there was one.</summary>
internal sealed class DeleteTopicRequest(string topic) : WriteRequest<bool>
{
    protected override Exception? Apply(LogTransaction transaction)
    {
        Result = transaction.FindTopic(topic) is { } entry && transaction.DeleteTopic(entry);
        return null;
    }
}
