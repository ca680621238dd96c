using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Gateway.Tests.People.SignIn.Providers;

/// <summary>What a relying party must refuse, by the names of the OpenID Foundation's conformance suite, and forgeries beside them.</summary>
public sealed class RelyingPartyTests(ProviderGateway gateway) : IClassFixture<ProviderGateway>
{
    [Fact(DisplayName = "oidcc-client-test")]
    public async Task A_sign_in_gives_the_account()
    {
        await using var at = await StartedAsync();
        var proof = await at.SignInAsync();
        Assert.Equal($"idp subject u-alice ({at.Idp.Issuer})", proof.Account.ToString());
        Assert.Equal(("idp", "company", "Alice", null, false), (proof.Account.Platform, proof.Account.App, proof.Account.Name,
            proof.Account.VerifiedEmail, proof.Account.IsExternal));
        Assert.False(proof.MakesPeople);
        // Userinfo is not asked where the token says all.
        Assert.Equal(0, at.Idp.Count("/userinfo"));
    }

    [Fact(DisplayName = "oidcc-client-test-invalid-iss")]
    public Task Another_issuer() => ForgedAsync("bad_issuer", body => body["iss"] = "https://id.evil.example");

    [Fact(DisplayName = "oidcc-client-test-invalid-iss: the issuer is compared to the letter")]
    public Task An_issuer_with_a_slash() => ForgedAsync("bad_issuer", body => body["iss"] = body["iss"]!.GetValue<string>() + "/");

    [Fact(DisplayName = "oidcc-client-test-missing-sub")]
    public Task No_subject() => ForgedAsync("no_subject", body => body.Remove("sub"));

    [Fact(DisplayName = "oidcc-client-test-missing-sub: a subject is a text that can be kept")]
    public async Task A_subject_that_is_none()
    {
        await ForgedAsync("no_subject", body => body["sub"] = "");
        await ForgedAsync("no_subject", body => body["sub"] = 17);
        await ForgedAsync("no_subject", body => body["sub"] = new string('s', 256));
        await ForgedAsync("no_subject", body => body["sub"] = "a\nb");
    }

    [Fact(DisplayName = "oidcc-client-test-invalid-aud")]
    public Task Another_audience() => ForgedAsync("bad_audience", body => body["aud"] = "another-client");

    [Fact(DisplayName = "oidcc-client-test-invalid-aud: for several, it has to be asked for by this client")]
    public async Task Several_audiences()
    {
        await ForgedAsync("bad_audience", body => body["aud"] = new JsonArray(FakeIdp.ClientId, "another-client"));
        await ForgedAsync("bad_audience", body =>
            (body["aud"], body["azp"]) = (new JsonArray(FakeIdp.ClientId, "another-client"), "another-client"));
        await ForgedAsync("bad_audience", body => body["azp"] = "another-client");
        await using var at = await StartedAsync();
        at.Idp.Claims = body => (body["aud"], body["azp"]) = (new JsonArray("account", FakeIdp.ClientId), FakeIdp.ClientId);
        await at.SignInAsync();
    }

    [Fact(DisplayName = "oidcc-client-test-missing-iat")]
    public Task No_time() => ForgedAsync("bad_time", body => body.Remove("iat"));

    [Fact(DisplayName = "oidcc-client-test-missing-aud")]
    public Task No_audience() => ForgedAsync("bad_audience", body => body.Remove("aud"));

    [Fact(DisplayName = "oidcc-client-test: a token of another time")]
    public async Task Another_time()
    {
        var now = gateway.Clock.GetUtcNow().ToUnixTimeSeconds();
        await ForgedAsync("expired", body => body["exp"] = now - 301);
        await ForgedAsync("expired", body => body.Remove("exp"));
        await ForgedAsync("expired", body => body["nbf"] = now + 400);
        await ForgedAsync("bad_time", body => body["iat"] = now + 400);
    }

    [Fact(DisplayName = "oidcc-client-test-invalid-sig-rs256")]
    public async Task Another_signature()
    {
        await using var at = await StartedAsync();
        at.Idp.Sign = (header, body) =>
        {
            var parts = at.Idp.Keys[0].Sign(header, body).Split('.');
            var bytes = Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlDecode(parts[2]);
            bytes[0] ^= 1;
            return $"{parts[0]}.{parts[1]}.{FakeIdp.Base64Url(bytes)}";
        };
        await at.RefusedAsync("bad_signature");
        // The body of one token under the signature of another.
        at.Idp.Sign = (header, body) =>
        {
            var signed = at.Idp.Keys[0].Sign(header, body).Split('.');
            body["sub"] = "u-boss";
            return $"{signed[0]}.{FakeKey.Part(body)}.{signed[2]}";
        };
        await at.RefusedAsync("bad_signature");
        // A stranger's key under the name of the provider's.
        at.Idp.Sign = (header, body) => FakeKey.Rsa("k1").Sign(header, body);
        await at.RefusedAsync("bad_signature");
    }

    [Fact(DisplayName = "oidcc-client-test-idtoken-sig-none")]
    public async Task No_signature()
    {
        await using var at = await StartedAsync();
        at.Idp.Header = header => header["alg"] = "none";
        at.Idp.Sign = (header, body) => $"{FakeKey.Part(header)}.{FakeKey.Part(body)}.";
        await at.RefusedAsync("bad_token");
        at.Idp.Sign = (header, body) => $"{FakeKey.Part(header)}.{FakeKey.Part(body)}.c2ln";
        await at.RefusedAsync("bad_algorithm");
        // Also where discovery says that it is taken.
        at.Idp.Metadata = document => document["id_token_signing_alg_values_supported"] = new JsonArray("none", "RS256", "HS256");
        await at.RefusedAsync("bad_algorithm");
    }

    [Fact(DisplayName = "oidcc-client-test-nonce-invalid")]
    public async Task Another_nonce()
    {
        await ForgedAsync("bad_nonce", body => body["nonce"] = "another");
        await ForgedAsync("bad_nonce", body => body.Remove("nonce"));
    }

    [Fact(DisplayName = "oidcc-client-test-userinfo-invalid-sub")]
    public async Task Userinfo_of_somebody_else()
    {
        await using var at = await StartedAsync();
        at.Idp.Claims = body => body.Remove("name");
        at.Idp.UserInfo = new JsonObject { ["sub"] = "u-boss", ["name"] = "Boss" };
        await at.RefusedAsync("userinfo_subject");
        at.Idp.UserInfo = new JsonObject { ["name"] = "Alice Lee" };
        Assert.Equal("Alice Lee", (await at.SignInAsync()).Account.Name);
    }

    [Fact(DisplayName = "oidcc-client-test-discovery-issuer-mismatch")]
    public async Task Discovery_of_another_issuer()
    {
        await using var at = await StartedAsync();
        at.Idp.Metadata = document => document["issuer"] = "https://id.evil.example";
        await at.RefusedAsync("issuer_mismatch");
        await using var slash = await StartedAsync();
        slash.Idp.Metadata = document => document["issuer"] = slash.Idp.Issuer + "/";
        await slash.RefusedAsync("issuer_mismatch");
        Assert.Equal(0, slash.Idp.Count("/token"));
    }

    [Fact(DisplayName = "oidcc-client-test-kid-absent-single-jwks")]
    public async Task A_key_without_a_name_where_there_is_one()
    {
        await using var at = await StartedAsync();
        at.Idp.Header = header => header.Remove("kid");
        await at.SignInAsync();
    }

    [Fact(DisplayName = "oidcc-client-test-kid-absent-multiple-jwks")]
    public async Task A_key_without_a_name_where_there_are_several()
    {
        await using var at = await StartedAsync();
        at.Idp.Keys.Add(FakeKey.Rsa("k2"));
        at.Idp.Header = header => header.Remove("kid");
        await at.RefusedAsync("bad_signature");
    }

    [Fact(DisplayName = "oidcc-client-test-signing-key-rotation")]
    public async Task New_keys_are_read_once()
    {
        await using var at = await StartedAsync();
        await at.SignInAsync();
        at.Idp.Keys.Insert(0, FakeKey.Rsa("k2"));
        at.Idp.Keys.RemoveAt(1);
        await at.SignInAsync();
        await at.SignInAsync();
        Assert.Equal((1, 2), (at.Idp.Count("/.well-known/openid-configuration"), at.Idp.Count("/keys")));
    }

    [Fact(DisplayName = "oidcc-client-test: tokens with unknown keys do not make the gateway ask for keys again and again")]
    public async Task Keys_are_not_hammered()
    {
        await using var at = await StartedAsync();
        await at.SignInAsync();
        var unknown = 0;
        at.Idp.Header = header => header["kid"] = "k-" + unknown++;
        for (var i = 0; i < 20; i++) await at.RefusedAsync("bad_signature");
        Assert.Equal(2, at.Idp.Count("/keys"));
        // After a while it may ask again.
        gateway.Clock.Shift(TimeSpan.FromSeconds(31));
        await at.RefusedAsync("bad_signature");
        Assert.Equal(3, at.Idp.Count("/keys"));
        at.Idp.Header = static _ => { };
        await at.SignInAsync();
    }

    [Fact]
    public async Task ES256_and_PS256_are_taken_where_discovery_has_them()
    {
        foreach (var key in new[] { FakeKey.Ec("e1"), FakeKey.Rsa("p1", "PS256") })
        {
            await using var at = await StartedAsync();
            at.Idp.Keys[0] = key;
            at.Idp.Metadata = document => document["id_token_signing_alg_values_supported"] = new JsonArray("RS256", key.Algorithm);
            await at.SignInAsync();
            await using var without = await StartedAsync();
            without.Idp.Keys[0] = key;
            await without.RefusedAsync("bad_algorithm");
        }
    }

    [Fact]
    public async Task A_public_key_is_no_secret_to_sign_with()
    {
        await using var at = await StartedAsync();
        at.Idp.Metadata = document => document["id_token_signing_alg_values_supported"] = new JsonArray("RS256", "HS256");
        foreach (var secret in at.Idp.Keys[0].PublicTexts().Append(Encoding.UTF8.GetBytes(FakeIdp.Secret)))
        {
            at.Idp.Header = header => header["alg"] = "HS256";
            at.Idp.Sign = (header, body) =>
            {
                var text = $"{FakeKey.Part(header)}.{FakeKey.Part(body)}";
                return $"{text}.{FakeIdp.Base64Url(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(text)))}";
            };
            await at.RefusedAsync("bad_algorithm");
        }
    }

    [Fact]
    public async Task Keys_that_the_token_brings_or_points_to_are_not_looked_at()
    {
        await using var evil = await FakeIdp.StartAsync();
        await using var at = await StartedAsync();
        var own = FakeKey.Rsa("k1");
        foreach (var (name, value) in new (string, JsonNode)[]
        {
            ("jwk", own.Public()), ("jku", evil.Root + "/keys"), ("x5u", evil.Root + "/keys"), ("x5c", new JsonArray("AAAA")),
        })
        {
            at.Idp.Header = header => header[name] = value.DeepClone();
            at.Idp.Sign = own.Sign;
            await at.RefusedAsync("bad_signature");
        }

        Assert.Empty(evil.Requests);
        // Nor do they spoil a good token.
        at.Idp.Header = header => header["jku"] = evil.Root + "/keys";
        at.Idp.Sign = null;
        await at.SignInAsync();
        Assert.Empty(evil.Requests);
    }

    [Fact]
    public async Task A_token_of_another_kind_is_no_word_on_who_signs_in()
    {
        await using var at = await StartedAsync();
        foreach (var kind in new[] { "at+jwt", "application/at+jwt", "logout+jwt" })
        {
            at.Idp.Header = header => header["typ"] = kind;
            await at.RefusedAsync("token_type");
        }

        at.Idp.Header = header => header["crit"] = new JsonArray("exp");
        await at.RefusedAsync("bad_token");
        at.Idp.Header = header => header.Remove("typ");
        await at.SignInAsync();
    }

    [Fact]
    public async Task Keys_that_are_too_short_or_for_encryption_or_half_secret_check_nothing()
    {
        await using var at = await StartedAsync();
        at.Idp.Keys[0] = FakeKey.Rsa("k1", bits: 1024);
        await at.RefusedAsync("no_keys");
        await using var other = await StartedAsync();
        other.Idp.KeySet = document => document["keys"]![0]!["use"] = "enc";
        await other.RefusedAsync("no_keys");
        await using var third = await StartedAsync();
        third.Idp.KeySet = document => document["keys"]![0]!["d"] = "AQAB";
        await third.RefusedAsync("no_keys");
    }

    [Fact]
    public Task A_token_that_names_a_member_twice_is_read_by_nobody_in_two_ways() => SignedAsync("bad_token", (idp, header, body) =>
    {
        var text = body.ToJsonString();
        var doubled = FakeIdp.Base64Url(Encoding.UTF8.GetBytes(text[..^1] + ",\"sub\":\"u-boss\"}"));
        return $"{FakeKey.Part(header)}.{doubled}.c2ln";
    });

    [Fact]
    public async Task An_access_token_of_somebody_else_is_noticed()
    {
        await using var at = await StartedAsync();
        at.Idp.Claims = body => body["at_hash"] = FakeIdp.Base64Url(SHA256.HashData("at-u-boss"u8)[..16]);
        await at.RefusedAsync("bad_token");
        at.Idp.Claims = body => body["at_hash"] = FakeIdp.Base64Url(SHA256.HashData("at-u-alice"u8)[..16]);
        await at.SignInAsync();
    }

    private async Task<ProviderFixture> StartedAsync()
    {
        var at = await ProviderFixture.StartAsync(gateway);
        await at.PutAsync();
        return at;
    }

    private async Task ForgedAsync(string problem, Action<JsonObject> forge)
    {
        await using var at = await StartedAsync();
        at.Idp.Claims = forge;
        await at.RefusedAsync(problem);
        at.Idp.Claims = static _ => { };
        await at.SignInAsync();
    }

    private async Task SignedAsync(string problem, Func<FakeIdp, JsonObject, JsonObject, string> sign)
    {
        await using var at = await StartedAsync();
        at.Idp.Sign = (header, body) => sign(at.Idp, header, body);
        await at.RefusedAsync(problem);
    }
}
