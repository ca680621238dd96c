using System.Text.Json;

namespace Larkspur.Dify;

/// <summary>Brings a question's files to an app, and remembers for some minutes what the app takes.</summary>
internal sealed class DifyUploads(DifyClient client, TimeProvider clock)
{
    /// <summary>An app is changed now and then, and asked all day.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    private sealed record Known(AssistantFileRules Rules, IReadOnlyList<string> Types, long At);

    private volatile Known? _known;

    /// <exception cref="AssistantException">Dify does not say.</exception>
    public async Task<AssistantFileRules> RulesAsync(CancellationToken cancellationToken) =>
        _known is { } known && clock.GetElapsedTime(known.At) < Remembered ? known.Rules : (await AskAsync(cancellationToken)).Rules;

    /// <summary>Uploads a file for a question of the same user.</summary>
    /// <returns>The file as the question names it; or why it was not taken.</returns>
    /// <exception cref="AssistantException">Dify does not say what the app takes.</exception>
    public async Task<(DifyFileRef? File, FileRefusal Why)> UploadAsync(AssistantFile file, string user, CancellationToken cancellationToken)
    {
        // Whoever asks for the rules first, as one should, has them here without another call.
        Known known = _known ?? await AskAsync(cancellationToken);
        try
        {
            DifyUploadedFile uploaded = await client.Files.UploadAsync(file.Name, file.ContentType, file.Content, user, cancellationToken);
            return (DifyFileRef.Uploaded(DifyFileRules.TypeOf(file, known.Types), uploaded.Id), default);
        }
        catch (DifyException refused) when (refused.HttpStatus is 413 || refused.ErrorCode is "file_too_large")
        {
            return (null, FileRefusal.TooLarge);
        }
        catch (DifyException refused) when (refused.HttpStatus is 415 || refused.ErrorCode is "unsupported_file_type")
        {
            return (null, FileRefusal.Type);
        }
        catch (DifyException refused) when (refused.FailureKind is FailureKind.Invalid or FailureKind.NotFound)
        {
            return (null, FileRefusal.Unavailable);
        }
    }

    private async Task<Known> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            JsonElement parameters = await client.ParametersAsync(cancellationToken);
            return _known = new Known(DifyFileRules.Read(parameters), DifyFileRules.Types(parameters), clock.GetTimestamp());
        }
        catch (Exception exception) when (exception is DifyException or PlatformNetworkException)
        {
            throw DifyFailures.Translate(exception, began: false);
        }
    }
}
