using System.Text.Json;

namespace Larkspur.Gateway.People.SignIn.Providers.Protocol;

/// <summary>What a provider says of a person beside the token: names and groups, never who they are.</summary>
internal sealed class UserInfoRequest(ProviderCalls calls)
{
    /// <summary>Asks for it.</summary>
    /// <param name="metadata">Where.</param>
    /// <param name="tokens">With which access token.</param>
    /// <param name="subject">Whom the id_token is about.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What it says; null: it did not answer, and why.</returns>
    /// <exception cref="ProviderException"><c>userinfo_subject</c>: it speaks of somebody else.</exception>
    public async Task<(JsonElement? Said, string? Failure)> ReadAsync(
        ProviderMetadata metadata, Tokens tokens, string subject, CancellationToken cancellation)
    {
        JsonElement said;
        try
        {
            said = await calls.GetAsync(metadata.UserInfo!, tokens.AccessToken, cancellation);
        }
        catch (ProviderException e)
        {
            return (null, e.Message);
        }

        return Claims.Text(said, "sub") == subject ? (said, null) : throw new ProviderException("userinfo_subject");
    }
}
