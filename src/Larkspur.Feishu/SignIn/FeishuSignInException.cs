namespace Larkspur.Feishu.SignIn;

/// <summary>Why a sign-in or a refresh was refused.</summary>
public enum FeishuSignInProblem
{
    /// <summary>The code is wrong, used, too old, or another app's: the person begins anew. Never tried again with the same code.</summary>
    CodeGone,

    /// <summary>The refresh token is wrong, used, revoked or too old, or the 365 days since the person allowed it are over: they allow it
    /// anew.</summary>
    RefreshGone,

    /// <summary>The person has left, is frozen, has not joined yet, or may not use the app.</summary>
    PersonRefused,

    /// <summary>The app is set up wrongly: its secret, its switch to refresh, a scope that it was not granted, or another redirect than
    /// before.</summary>
    App,

    /// <summary>The verifier is not that of the page's challenge: the code is not this browser's.</summary>
    WrongVerifier,

    /// <summary>Something else; the code says what.</summary>
    Other,
}

/// <summary>A sign-in or a refresh was refused.</summary>
/// <remarks>Source: the error list of authentication-management/access-token/get-user-access-token.</remarks>
public sealed class FeishuSignInException : FeishuApiException
{
    internal FeishuSignInException(FeishuApiException refused, bool isRefresh) : base(refused.Message, refused)
    {
        Problem = ProblemOf(refused.Code, isRefresh);
        (Code, Msg, LogId, HttpStatus) = (refused.Code, refused.Msg, refused.LogId, refused.HttpStatus);
        (Endpoint, FailureKind, RetryAfter) = (refused.Endpoint, refused.FailureKind, refused.RetryAfter);
        NothingHappened = refused.NothingHappened;
    }

    /// <summary>What it comes to.</summary>
    public FeishuSignInProblem Problem { get; }

    private static FeishuSignInProblem ProblemOf(int code, bool isRefresh) => code switch
    {
        20003 or 20004 or 20065 => FeishuSignInProblem.CodeGone,
        20026 or 20037 or 20064 or 20073 => FeishuSignInProblem.RefreshGone,
        20024 => isRefresh ? FeishuSignInProblem.RefreshGone : FeishuSignInProblem.CodeGone,
        20008 or 20010 or 20021 or 20022 or 20023 or 20066 => FeishuSignInProblem.PersonRefused,
        20002 or 20009 or 20048 or 20067 or 20068 or 20069 or 20070 or 20071 or 20074 => FeishuSignInProblem.App,
        20049 => FeishuSignInProblem.WrongVerifier,
        _ => FeishuSignInProblem.Other,
    };
}
