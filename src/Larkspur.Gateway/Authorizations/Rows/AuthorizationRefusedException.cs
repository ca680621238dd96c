using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Authorizations.Rows;

/// <summary>Somebody is not asked.</summary>
/// <param name="word"><c>refused_before</c>, <c>too_many_waiting</c>, <c>asked_too_often</c>.</param>
/// <param name="refused">What they refused, and may allow after all; null: nothing.</param>
internal sealed class AuthorizationRefusedException(string word, UserAuthorization? refused = null) : Exception(word)
{
    public string Word { get; } = word;

    /// <summary>Where they may allow it after all; null: nowhere.</summary>
    public Uri? Link { get; private set; }

    /// <summary>What the person is told who would have been asked.</summary>
    public LocalText Text => Link is null ? AuthorizationTexts.FindNotAskedNow(Word)!
        : LocalText.Lines([AuthorizationTexts.FindNotAskedNow(Word)!, AuthorizationTexts.Change(Link.AbsoluteUri)]);

    /// <summary>The same with the way back.</summary>
    public AuthorizationRefusedException With(Func<UserAuthorization, Uri?> linkOf)
    {
        if (refused is not null) Link = linkOf(refused);
        return this;
    }
}
