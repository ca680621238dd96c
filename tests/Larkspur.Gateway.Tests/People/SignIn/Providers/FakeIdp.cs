using Larkspur.Testing;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Larkspur.Gateway.Tests.People.SignIn.Providers;

/// <summary>A request that the provider got.</summary>
internal sealed record IdpRequest(string Method, string Path, string? Authorization, IReadOnlyDictionary<string, string> Form);

/// <summary>An OpenID provider in memory on a port of its own, written from the specifications alone and without the libraries that the
/// gateway uses; as wrong as it is told to be.</summary>
internal sealed class FakeIdp : IAsyncDisposable
{
    public const string ClientId = "larkspur";
    public const string Secret = "kS9x2vT7qLw4nB8mZc1R";

    private readonly ConcurrentDictionary<string, Dictionary<string, string>> _codes = new();
    private readonly string _tenant;
    private readonly WebApplication _app;
    private int _made;

    private FakeIdp(WebApplication app, string tenant) => (_app, _tenant) = (app, tenant);

    public string Root => _app.Urls.Single();

    public string Issuer => Root + _tenant;

    public ConcurrentQueue<IdpRequest> Requests { get; } = new();

    /// <summary>Those that sign, and those that are published; the first signs.</summary>
    public List<FakeKey> Keys { get; } = [FakeKey.Rsa("k1")];

    /// <summary>What is published in place of <see cref="Keys"/>; null: those.</summary>
    public List<FakeKey>? Published { get; set; }

    /// <summary>Who signs in.</summary>
    public string Subject { get; set; } = "u-alice";

    /// <summary>Changes what the document of discovery says.</summary>
    public Action<JsonObject> Metadata { get; set; } = static _ => { };

    /// <summary>Changes what is published of keys.</summary>
    public Action<JsonObject> KeySet { get; set; } = static _ => { };

    /// <summary>Changes what the id_token says.</summary>
    public Action<JsonObject> Claims { get; set; } = static _ => { };

    /// <summary>Changes the header of the id_token.</summary>
    public Action<JsonObject> Header { get; set; } = static _ => { };

    /// <summary>Makes another id_token of header and body; null: the first key signs it.</summary>
    public Func<JsonObject, JsonObject, string>? Sign { get; set; }

    /// <summary>What userinfo says beside sub.</summary>
    public JsonObject UserInfo { get; set; } = [];

    /// <summary>Answers in place of the provider; null: it answers itself.</summary>
    public Func<HttpContext, Task<bool>> Odd { get; set; } = static _ => Task.FromResult(false);

    /// <summary>The time that tokens are made at; null: the system's.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public int Count(string path) => Requests.Count(r => r.Path == path);

    public static async Task<FakeIdp> StartAsync(string tenant = "")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        // A port that no other test's provider has had: its keys would still be remembered under the same issuer.
        builder.WebHost.UseUrls($"http://127.0.0.1:{OwnPort.Take()}");
        var app = builder.Build();
        var idp = new FakeIdp(app, tenant);
        app.Run(idp.AnswerAsync);
        await app.StartAsync();
        return idp;
    }

    /// <summary>Somebody signs in at the authorize address, and is sent back.</summary>
    /// <returns>The query that the browser brings.</returns>
    public string SignIn(Uri authorize)
    {
        var asked = QueryHelpers.ParseQuery(authorize.Query).ToDictionary(p => p.Key, p => p.Value.ToString());
        var code = "code-" + Interlocked.Increment(ref _made);
        _codes[code] = asked;
        return $"?code={code}&state={asked["state"]}";
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var form = http.Request.HasFormContentType
            ? (await http.Request.ReadFormAsync()).ToDictionary(p => p.Key, p => p.Value.ToString()) : [];
        var path = http.Request.Path.Value!;
        Requests.Enqueue(new IdpRequest(http.Request.Method, path, http.Request.Headers.Authorization, form));
        if (await Odd(http)) return;
        if (path == new Uri(Issuer).AbsolutePath.TrimEnd('/') + "/.well-known/openid-configuration") await SayAsync(http, Document());
        else if (path == "/keys") await SayAsync(http, KeyDocument());
        else if (path == "/token") await TokenAsync(http, form);
        else if (path == "/userinfo") await UserInfoAsync(http);
        else http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private JsonObject Document()
    {
        var document = new JsonObject
        {
            ["issuer"] = Issuer, ["authorization_endpoint"] = Root + "/authorize", ["token_endpoint"] = Root + "/token",
            ["userinfo_endpoint"] = Root + "/userinfo", ["jwks_uri"] = Root + "/keys", ["response_types_supported"] = new JsonArray("code"),
            ["subject_types_supported"] = new JsonArray("public"), ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        };
        Metadata(document);
        return document;
    }

    private JsonObject KeyDocument()
    {
        var document = new JsonObject { ["keys"] = new JsonArray([.. (Published ?? Keys).Select(k => (JsonNode)k.Public())]) };
        KeySet(document);
        return document;
    }

    private async Task TokenAsync(HttpContext http, Dictionary<string, string> form)
    {
        if (!_codes.TryRemove(form.GetValueOrDefault("code", ""), out var asked) || form.GetValueOrDefault("grant_type") != "authorization_code"
            || asked["redirect_uri"] != form.GetValueOrDefault("redirect_uri")
            || asked["code_challenge"] != Base64Url(SHA256.HashData(Encoding.ASCII.GetBytes(form.GetValueOrDefault("code_verifier", "")))))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await SayAsync(http, new JsonObject { ["error"] = "invalid_grant" });
            return;
        }

        var now = Clock.GetUtcNow().ToUnixTimeSeconds();
        var body = new JsonObject
        {
            ["iss"] = Issuer, ["sub"] = Subject, ["aud"] = ClientId, ["iat"] = now, ["exp"] = now + 300, ["nonce"] = asked["nonce"],
            ["name"] = "Alice",
        };
        Claims(body);
        var header = new JsonObject { ["alg"] = Keys[0].Algorithm, ["kid"] = Keys[0].Id, ["typ"] = "JWT" };
        Header(header);
        await SayAsync(http, new JsonObject
        {
            ["access_token"] = "at-" + Subject, ["token_type"] = "Bearer", ["expires_in"] = 300,
            ["id_token"] = Sign?.Invoke(header, body) ?? Keys[0].Sign(header, body),
        });
    }

    private async Task UserInfoAsync(HttpContext http)
    {
        if (http.Request.Headers.Authorization != "Bearer at-" + Subject)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var said = UserInfo.DeepClone().AsObject();
        if (!said.ContainsKey("sub")) said["sub"] = Subject;
        await SayAsync(http, said);
    }

    private static Task SayAsync(HttpContext http, JsonObject json)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json.ToJsonString());
    }

    public static string Base64Url(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);
}

/// <summary>A key of the provider.</summary>
internal sealed class FakeKey
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;

    private FakeKey(string? id, string algorithm, RSA? rsa, ECDsa? ec) => (Id, Algorithm, _rsa, _ec) = (id, algorithm, rsa, ec);

    public string? Id { get; }

    public string Algorithm { get; }

    public static FakeKey Rsa(string? id, string algorithm = "RS256", int bits = 2048) => new(id, algorithm, RSA.Create(bits), null);

    public static FakeKey Ec(string id) => new(id, "ES256", null, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public JsonObject Public()
    {
        var key = new JsonObject { ["use"] = "sig" };
        if (Id is not null) key["kid"] = Id;
        if (_rsa is not null)
        {
            var numbers = _rsa.ExportParameters(false);
            (key["kty"], key["n"], key["e"]) = ("RSA", FakeIdp.Base64Url(numbers.Modulus!), FakeIdp.Base64Url(numbers.Exponent!));
            return key;
        }

        var point = _ec!.ExportParameters(false).Q;
        (key["kty"], key["crv"], key["x"], key["y"]) = ("EC", "P-256", FakeIdp.Base64Url(point.X!), FakeIdp.Base64Url(point.Y!));
        return key;
    }

    public string Sign(JsonObject header, JsonObject body)
    {
        var text = $"{Part(header)}.{Part(body)}";
        var bytes = Encoding.ASCII.GetBytes(text);
        var padding = Algorithm.StartsWith("PS", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        var signature = _rsa?.SignData(bytes, HashAlgorithmName.SHA256, padding) ?? _ec!.SignData(bytes, HashAlgorithmName.SHA256);
        return $"{text}.{FakeIdp.Base64Url(signature)}";
    }

    /// <summary>The text of the public key as it is published, and as others write it.</summary>
    public IEnumerable<byte[]> PublicTexts()
    {
        yield return Encoding.UTF8.GetBytes(Public().ToJsonString());
        yield return Encoding.UTF8.GetBytes(_rsa!.ExportSubjectPublicKeyInfoPem());
        yield return _rsa.ExportSubjectPublicKeyInfo();
        yield return _rsa.ExportParameters(false).Modulus!;
    }

    public static string Part(JsonObject json) => FakeIdp.Base64Url(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
