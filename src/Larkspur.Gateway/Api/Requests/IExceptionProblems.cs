using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>Knows how exceptions of its kind are answered over REST: a platform's refusal, a file that no platform takes.</summary>
internal interface IExceptionProblems
{
    /// <summary>The answer; null: the exception is not of this kind.</summary>
    ExceptionProblem? Of(Exception exception);
}

/// <summary>How an exception is answered.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Problem">The body.</param>
/// <param name="RetryAfter">When the caller may come again; null: not told.</param>
internal sealed record ExceptionProblem(int Status, MessageProblem Problem, TimeSpan? RetryAfter = null);
