using System.Text.Json;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.People.SignIn.Providers.Rows;

namespace Larkspur.Gateway.People.SignIn.Providers.Protocol;

/// <summary>What a code was good for.</summary>
/// <param name="IdToken">Not judged yet.</param>
/// <param name="AccessToken">Null: none was given.</param>
internal sealed record Tokens(string IdToken, string? AccessToken)
{
    public override string ToString() => nameof(Tokens);
}

/// <summary>Gives a code for tokens.</summary>
internal sealed class TokenRequest(ProviderCalls calls)
{
    private const int Longest = 200_000;

    /// <exception cref="ProviderException">The provider does not take it, or gives no tokens.</exception>
    public async Task<Tokens> SendAsync(IdentityProvider provider, ProviderMetadata metadata, string code, SignInReturn back,
        CancellationToken cancellation)
    {
        var form = new List<KeyValuePair<string, string>>
        {
            new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", back.Redirect.OriginalString),
            new("code_verifier", back.Verifier),
        };
        string? basic = null;
        switch (ClientProof.WayOf(provider, metadata))
        {
            case ClientProof.Basic:
                basic = ClientProof.Header(provider.ClientId, provider.ClientSecret!);
                break;
            case ClientProof.Post:
                form.Add(new("client_id", provider.ClientId));
                form.Add(new("client_secret", provider.ClientSecret!));
                break;
            default:
                form.Add(new("client_id", provider.ClientId));
                break;
        }

        var (status, json) = await calls.PostAsync(metadata.Token, form, basic, cancellation);
        if (status is < 200 or > 299)
        {
            var failed = calls.Failed(metadata.Token, status, json);
            throw json is { } said && Claims.Text(said, "error") is { } error ? error switch
            {
                "invalid_grant" => new ProviderException("code_refused", failed.Detail),
                "invalid_client" or "unauthorized_client" => new ProviderException("client_refused", failed.Detail),
                _ => failed,
            } : failed;
        }

        return json is { } answer ? Read(answer) : throw new ProviderException("bad_answer", "the token endpoint's answer is not JSON");
    }

    private static Tokens Read(JsonElement answer)
    {
        if (Claims.Text(answer, "id_token") is not { Length: > 0 and <= Longest } token)
            throw new ProviderException("bad_answer", "there is no id_token: is openid among the scopes?");
        var access = Claims.Text(answer, "access_token") is { Length: > 0 and <= Longest } given
            && string.Equals(Claims.Text(answer, "token_type"), "Bearer", StringComparison.OrdinalIgnoreCase) ? given : null;
        return new Tokens(token, access);
    }
}
