using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Doctor;

/// <summary>A TLS server on this machine whose certificate is what a test wants it to be.</summary>
internal sealed class ServedCertificate : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _shown;

    private ServedCertificate(WebApplication app, X509Certificate2 shown) => (_app, _shown) = (app, shown);

    public string Address => _app.Urls.First();

    /// <param name="authority">Who signs; null: the certificate itself.</param>
    /// <param name="from">Since when it holds.</param>
    /// <param name="until">Until when.</param>
    /// <param name="name">For what; null: this machine's loopback address.</param>
    public static async Task<ServedCertificate> StartAsync(X509Certificate2? authority, DateTimeOffset from, DateTimeOffset until,
        string? name = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + (name ?? "127.0.0.1"), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (name is null) names.AddIpAddress(IPAddress.Loopback);
        else names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        X509Certificate2 own;
        if (authority is null)
        {
            own = request.CreateSelfSigned(from, until);
        }
        else
        {
            using var signed = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(8));
            own = signed.CopyWithPrivateKey(key);
        }

        using (own)
        {
            var shown = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(shown)));
            builder.Services.AddRoutingCore();
            builder.WebHost.UseKestrelHttpsConfiguration();
            var app = builder.Build();
            app.Run(http => Task.CompletedTask);
            await app.StartAsync(TestContext.Current.CancellationToken);
            return new(app, shown);
        }
    }

    /// <summary>A root of the test's own.</summary>
    public static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-5), DateTimeOffset.UtcNow.AddYears(5));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _shown.Dispose();
    }
}
