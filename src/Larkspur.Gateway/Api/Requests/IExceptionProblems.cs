namespace Larkspur.Gateway.Api.Requests;

/// <summary>Knows how exceptions of its kind are answered over REST: a platform's refusal, a file that no platform takes.</summary>
internal interface IExceptionProblems
{
    /// <summary>The answer; null: the exception is not of this kind.</summary>
    Problem? Of(Exception exception);
}
