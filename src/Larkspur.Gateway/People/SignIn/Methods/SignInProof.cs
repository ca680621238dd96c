using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.People.SignIn.Methods;

/// <summary>Who signed in, by the word of the method: a member of the company who may work.</summary>
/// <param name="Account">Their account, keyed by what never changes there.</param>
internal sealed record SignInProof(PlatformAccount Account)
{
    /// <summary>An administrator lets people from outside of the company in by this method.</summary>
    public bool AdmitsExternals { get; init; }

    /// <summary>Whom the gateway does not know becomes a person by it. False: only who is known gets in.</summary>
    public bool MakesPeople { get; init; } = true;

    /// <summary>Groups or roles that the method names, as it writes them.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>The method could not say them this time, which is not the same as none: nobody gains or loses anything by it.</summary>
    public bool GroupsAreUnknown { get; init; }

    public override string ToString() => Account.ToString();
}

/// <summary>Somebody does not get in, or not now.</summary>
/// <param name="word">A word of <c>SignInTexts.json</c>.</param>
/// <param name="message">For the log.</param>
internal sealed class SignInRefusedException(string word, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Word { get; } = word;

    /// <summary>What the person reads; null: what <c>SignInTexts.json</c> says of the word.</summary>
    public LocalText? Sentence { get; init; }
}
