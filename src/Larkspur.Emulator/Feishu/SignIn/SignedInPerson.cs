namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>Why somebody's tokens are not given out.</summary>
internal enum SignInProblem
{
    None,
    /// <summary>Nobody knows them.</summary>
    Unknown,
    Resigned,
    Frozen,
    /// <summary>Invited, and never came.</summary>
    Unregistered,
    /// <summary>The app is not for them.</summary>
    Invisible,
}

/// <summary>Looks whether a person may still sign in to an app.</summary>
internal static class SignedInPerson
{
    public static SignInProblem Problem(this EmulatorState state, BotApp app, string userId) => state.Person(userId) switch
    {
        null => SignInProblem.Unknown,
        { Status: PersonStatus.Resigned } => SignInProblem.Resigned,
        { Status: PersonStatus.Frozen } => SignInProblem.Frozen,
        { Status: PersonStatus.Inactive } => SignInProblem.Unregistered,
        _ => app.IsAvailableTo(userId) ? SignInProblem.None : SignInProblem.Invisible,
    };
}
