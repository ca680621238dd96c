namespace Larkspur.Feishu.SignIn;

/// <summary>A call in a person's name needs their word first: send them the address of <see cref="FeishuSignIn.Address"/> with
/// <see cref="Scopes"/> and <see cref="FeishuLoginPage.Offline"/>.</summary>
/// <param name="openId">Who.</param>
/// <param name="scopes">What they have to allow.</param>
/// <param name="inner">What the platform said; null: it was not asked.</param>
public sealed class FeishuAuthorizationNeededException(string openId, IReadOnlyList<string> scopes, Exception? inner)
    : Exception($"This call needs the authorisation of {openId}{(scopes.Count == 0 ? "" : $" for {string.Join(", ", scopes)}")}: "
        + "send them the link of FeishuSignIn.Address.", inner)
{
    /// <summary>Who: their open_id of the app.</summary>
    public string OpenId { get; } = openId;

    /// <summary>What they have to allow.</summary>
    public IReadOnlyList<string> Scopes { get; } = scopes;
}
