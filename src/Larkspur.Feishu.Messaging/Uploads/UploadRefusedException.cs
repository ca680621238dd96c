namespace Larkspur.Feishu.Messaging;

/// <summary>Why a file is not even sent to the platform.</summary>
public enum UploadProblem
{
    /// <summary>There is nothing in it.</summary>
    Empty,

    /// <summary>More than 10 MB (images) or 30 MB (files).</summary>
    TooLarge,

    /// <summary>Its first bytes are those of no image that the platform takes.</summary>
    NotAnImage,

    /// <summary>It begins like an image of its format, but is not one.</summary>
    BrokenImage,

    /// <summary>More pixels than the platform takes.</summary>
    TooManyPixels,

    /// <summary>Not Opus in Ogg, which is the only sound that plays in a chat.</summary>
    NotOpus,

    /// <summary>Not an mp4, which is the only video that plays in a chat.</summary>
    NotMp4,

    /// <summary>It has no name, or one that is no file name.</summary>
    WrongName,
}

/// <summary>A file that the platform would refuse, found before the call. Nothing was sent.</summary>
public sealed class UploadRefusedException(UploadProblem problem, string message) : ArgumentException(message)
{
    /// <summary>What is wrong.</summary>
    public UploadProblem Problem { get; } = problem;
}
