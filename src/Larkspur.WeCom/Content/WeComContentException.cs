namespace Larkspur.WeCom;

/// <summary>What is to be sent breaks a rule of the platform's, so it was not sent. Every problem is named, with where it is.</summary>
public sealed class WeComContentException(IReadOnlyList<string> problems)
    : ArgumentException($"Not sent: {string.Join(" ", problems)}")
{
    /// <summary>One sentence each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
