using System.Net;
using Confluent.SchemaRegistry;
using Newtonsoft.Json;

namespace Streaming.Contracts.Registry;

/// <summary>Turns a registry's answer, or its absence, into a result.</summary>
internal sealed class RegistryAnswers(SchemaRegistrySettings settings)
{
    /// <summary>Waits for an answer, for the settings' time-out at the most. An abandoned request ends by its own time-out.</summary>
    public async Task<RegistryResult<T>> OfAsync<TAnswer, T>(
        Task<TAnswer> request, Func<TAnswer, RegistryResult<T>> read, CancellationToken cancellation)
    {
        try
        {
            return read(await request.WaitAsync(settings.Timeout, cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (SchemaRegistryException refusal)
        {
            return Refused<T>(refusal);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or TimeoutException or IOException)
        {
            return new RegistryResult<T>.Unavailable(
                $"no answer from {settings.Where} within {settings.Timeout}: {error.Message}{Advice(error.Message)}", error);
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidCastException or ArgumentException
            or OverflowException or InvalidOperationException)
        {
            return new RegistryResult<T>.Unavailable(
                $"{settings.Where} does not answer like a schema registry ({error.Message}); check " +
                "streaming.schema.registry.url", error);
        }
    }

    /// <summary>
    /// The closed set that error codes fall into; the API's five-digit codes begin with the status. A proxy's bare 404 says nothing
    /// about a schema.
    /// </summary>
    private RegistryResult<T> Refused<T>(SchemaRegistryException refusal)
    {
        var code = refusal.ErrorCode > 0 ? refusal.ErrorCode : (int)refusal.Status;
        return code switch
        {
            40401 or 40402 or 40403 or 40408 => new RegistryResult<T>.NotFound(refusal.Message),
            409 or 40901 => new RegistryResult<T>.Rejected(RegistryRejection.Incompatible, refusal.Message),
            42201 => new RegistryResult<T>.Rejected(RegistryRejection.InvalidSchema, refusal.Message),
            42202 or 42203 or 42205 => new RegistryResult<T>.Rejected(RegistryRejection.InvalidRequest, refusal.Message),
            401 or 403 or 40101 or 40301 => new RegistryResult<T>.Unavailable(
                $"{settings.Where} denies access ({code} {refusal.Message}); check streaming.schema.registry.basic-auth", refusal),
            _ => new RegistryResult<T>.Unavailable($"{settings.Where} answers with {code} {refusal.Message}", refusal),
        };
    }

    // The client turns a 401 without JSON into a connection exception.
    private static string Advice(string message) => message.Contains(nameof(HttpStatusCode.Unauthorized), StringComparison.Ordinal)
        ? "; check streaming.schema.registry.basic-auth"
        : "";
}
