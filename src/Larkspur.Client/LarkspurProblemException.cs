using System.Net;
using System.Text.Json;

namespace Larkspur.Client;

/// <summary>The gateway refused a call, or failed; or something else answered in its place (then there is no <see cref="Problem"/>).</summary>
public sealed class LarkspurProblemException : Exception
{
    /// <summary>The longest answer that is looked at for a problem.</summary>
    private const int LargestProblem = 1 << 20;

    internal LarkspurProblemException(HttpStatusCode status, Problem? problem, TimeSpan? retryAfter, string message, Exception? inner = null)
        : base(message, inner) => (StatusCode, Problem, RetryAfter) = (status, problem, retryAfter);

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode StatusCode { get; }

    /// <summary>What the gateway says; null: whoever answered is no gateway of this version.</summary>
    public Problem? Problem { get; }

    /// <summary>The problem's word, like <c>key_in_use</c>.</summary>
    public string? Word => Problem?.Error;

    /// <summary>The field that is meant: a JSON pointer into the body, <c>?name</c> of the address, <c>/{name}</c> in the path.</summary>
    public string? Pointer => Problem?.Pointer;

    /// <summary>When it is worth another try, where the gateway says so.</summary>
    public TimeSpan? RetryAfter { get; }

    internal static async Task<LarkspurProblemException> OfAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var problem = answer.Content.Headers is { ContentType.MediaType: "application/problem+json", ContentLength: <= LargestProblem }
            ? Read(await answer.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false))
            : null;
        var sentence = problem is null ? $"The answer was {(int)answer.StatusCode}, without a problem that a Larkspur gateway would give."
            : problem.Pointer is { } pointer ? $"{problem.Message} ({problem.Error} at {pointer})" : $"{problem.Message} ({problem.Error})";
        return new LarkspurProblemException(answer.StatusCode, problem, answer.Headers.RetryAfter?.Delta, sentence);
    }

    private static Problem? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Problem>(body, LarkspurClient.Options);
        }
        catch (JsonException)
        {
            return null; // the caller is told that it was none
        }
    }
}
