using System.Net;
using Confluent.SchemaRegistry;

namespace Streaming.Contracts.Registry;

/// <summary>
/// The subject of a topic's values: the one that the registry associates with the topic (Confluent's serializers look there since
/// 2.14), or the topic's name with <c>-value</c>. A registry without associations answers 404.
/// </summary>
internal sealed class AssociatedSubjects(RegistryTransport transport, RegistryAnswers answers)
{
    private const string OfValues = "-value";
    private const string NoNamespace = "-";
    private const int All = -1;

    /// <param name="subject">By the topic's name.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<RegistryResult<string>> OfAsync(string subject, CancellationToken cancellation) =>
        subject.EndsWith(OfValues, StringComparison.Ordinal)
        ? answers.OfAsync(AskAsync(subject[..^OfValues.Length]), associations => Chosen(subject, associations), cancellation)
        : Task.FromResult<RegistryResult<string>>(new RegistryResult<string>.Found(subject));

    private async Task<List<Association>> AskAsync(string topic)
    {
        try
        {
            return await transport.GetAssociationsByResourceNameAsync(topic, NoNamespace, "topic", ["value"], null, 0, All);
        }
        catch (SchemaRegistryException missing) when (missing.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            return [];
        }
    }

    private static RegistryResult<string> Chosen(string subject, List<Association> associations) => associations switch
    {
        [] => new RegistryResult<string>.Found(subject),
        [var one] => new RegistryResult<string>.Found(one.Subject),
        _ => new RegistryResult<string>.Rejected(
            RegistryRejection.InvalidRequest,
            $"the registry associates the topic of {subject} with {string.Join(", ", associations.Select(one => one.Subject))}; leave one"),
    };
}
