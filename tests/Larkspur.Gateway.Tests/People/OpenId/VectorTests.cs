using Larkspur.Gateway.People.OpenId.Keys;
using Larkspur.Gateway.People.OpenId.Tokens;
using Microsoft.IdentityModel.Tokens;

namespace Larkspur.Gateway.Tests.People.OpenId;

/// <summary>Values that others computed.</summary>
public sealed class VectorTests
{
    private const string Modulus =
        "zuUoNStLy8MP6BAEDLW9RKws-CD6y0mS59lYx9wSc1NZa7Is2Ua1PRBqbWf5433CJkTHu2l8rfSGeZwzY-SsPHZew-5kHWOnoHkGribcmFbM679OFTIL1lxR-RNpsYoXmlxgocGCqWPFcA34IoQl41AFkGGe7PTtNYHXtXll3P0Tjp0mF5uQXeSDik49I2WYOotg_Jdg4kIPfHmpi5SW5-XKDFPRe-TtnglW_MyX6kUE23VS-N-DhYziyvhL7M7nmy_vRWp6o9hmg9EShTf_ra0DAeTew8iJkrrPwNeTLZFbSgSEjDXYNOy32HUpj41VXBj9Apv3Dlm5JFlZk6ieyw";

    private const string Signed =
        "eyJhbGciOiJSUzI1NiIsImtpZCI6ImZWcS1vYUwtVUNtVFpvUWx2ZTZ6SHFCTjBienlqaXFiSkFNV1paSGtKbDAiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2d3LmV4YW1wbGUuY29tIiwic3ViIjoicC1hbGljZSIsImF1ZCI6ImNsaWVudDEiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMzYwMCwiYXV0aF90aW1lIjoxNjk5OTk5OTkwLCJub25jZSI6Im4tMSIsImF0X2hhc2giOiI5TVJycFFfYzkxeDFGRzdveGt2VWhRIn0.R20mkH6Th9OKXpcHCE0aDkxSD1i1qt4pFVy9rBNjzi1rp1nRDx5uwOfzmaQsJ30EQnXa-r4yF9PBXuEUDpB5ixTycyAA3_zh-H8Nw9XqKT7UHvVyxI9NoO7QHzImludBtoHXwOuw2NSwvjvoF-n4VX5NaMeMym6OpJmgSgYyVGGyj3XiiivKFOV3qFAq2xvk3yQTW8k974MJ0PzfqHsKvIJA2_ozHUPA4M3jbDe25-anbLEBzDBrYrqgBT8pq7iLe_8WR6JK9uy-GrmHBvcMVj7Y5OX3aUOO9FLhsraGPrS810AvxfpzxpnOW4AXU0kOC74PkWD5IpYnan6hkK3-Tw";

    [Fact]
    public void PKCE() => Assert.Equal("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        TokenText.Challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));

    [Theory]
    [InlineData("at-0123456789-abcdefghijklmnopqrstuvwxyz", "9MRrpQ_c91x1FG7oxkvUhQ")]
    [InlineData("c-9876543210", "o9eYFowYIcIiYwDBH9-VYg")]
    public void Half_hashes(string token, string hash) => Assert.Equal(hash, TokenText.HalfHash(token));

    [Fact]
    public void Basic_is_form_url_encoded_first() => Assert.Equal(("app:1", "p%+ä/ x"),
        ClientAuthentication.Basic("Basic YXBwJTNBMTpwJTI1JTJCJUMzJUE0JTJGK3g="));

    [Theory]
    [InlineData("Bearer abc")]
    [InlineData("Basic ")]
    [InlineData("Basic !!!!")]
    [InlineData("Basic bm9jb2xvbg==")]
    public void What_is_no_Basic_is_none(string header) => Assert.Null(ClientAuthentication.Basic(header));

    [Fact]
    public void A_key_is_named_by_its_thumbprint() => Assert.Equal("fVq-oaL-UCmTZoQlve6zHqBN0bzyjiqbJAMWZZHkJl0",
        PublishedKey.Thumbprint(Modulus, "AQAB"));

    [Fact]
    public async Task The_id_token_of_the_vectors_is_taken_by_our_rules_and_what_is_changed_is_not()
    {
        Assert.True(await IsTakenAsync(Signed));
        var parts = Signed.Split('.');
        Assert.False(await IsTakenAsync($"{parts[0]}.{(parts[1][20] == 'A' ? parts[1].Remove(20, 1).Insert(20, "B") : parts[1].Remove(20, 1).Insert(20, "A"))}.{parts[2]}"));
        Assert.False(await IsTakenAsync($"{Base64UrlEncoder.Encode("{\"alg\":\"none\",\"typ\":\"JWT\"}")}.{parts[1]}."));
        var head = Base64UrlEncoder.Encode("""{"alg":"HS256","kid":"fVq-oaL-UCmTZoQlve6zHqBN0bzyjiqbJAMWZZHkJl0","typ":"JWT"}""");
        var signature = System.Security.Cryptography.HMACSHA256.HashData(Base64UrlEncoder.DecodeBytes(Modulus),
            System.Text.Encoding.ASCII.GetBytes($"{head}.{parts[1]}"));
        Assert.False(await IsTakenAsync($"{head}.{parts[1]}.{Base64UrlEncoder.Encode(signature)}"));
    }

    /// <summary>By the rules for hints of ours, with the vectors' key in place of the gateway's.</summary>
    private static async Task<bool> IsTakenAsync(string token)
    {
        var key = new PublishedKey("fVq-oaL-UCmTZoQlve6zHqBN0bzyjiqbJAMWZZHkJl0", Modulus, "AQAB", KeyStates.Active, default, default);
        return await ProviderTokens.ReadHintAsync(token, "https://gw.example.com", [key]) is { Person: "p-alice", Client: "client1" };
    }
}
