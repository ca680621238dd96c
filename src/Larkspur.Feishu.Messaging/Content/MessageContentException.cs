namespace Larkspur.Feishu.Messaging;

/// <summary>What makes a content unfit to be sent.</summary>
public enum MessageContentProblem
{
    /// <summary>It is not the JSON object that the platform wants.</summary>
    NotJson,

    /// <summary>It is longer than the platform takes.</summary>
    TooLarge,

    /// <summary>There is nothing in it.</summary>
    Empty,

    /// <summary>A value in it is missing or wrong.</summary>
    WrongValue,

    /// <summary>The call does not take content of this type.</summary>
    WrongType,
}

/// <summary>A content that the platform would refuse, found before the call. Nothing was sent.</summary>
public sealed class MessageContentException(MessageContentProblem problem, string message, Exception? inner = null) : ArgumentException(message, inner)
{
    /// <summary>What is wrong.</summary>
    public MessageContentProblem Problem { get; } = problem;
}
