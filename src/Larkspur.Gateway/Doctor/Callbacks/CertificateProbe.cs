using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Callbacks;

/// <summary>Looks at the certificate that an address shows, whoever signed it. Nothing is sent over the connection but the
/// handshake.</summary>
/// <remarks>Judged as a strict caller would: by the certificates that the server sends and the roots that this machine trusts. Missing
/// intermediates are not fetched, revocation is not asked for.</remarks>
internal sealed class CertificateProbe(HostLookup lookup, ProbeReach reach, TrustedRoots trust, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <param name="address">An https address.</param>
    /// <param name="platform">Where the platform is that calls it; null: where it always is.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<ShownCertificate> LookAsync(Uri address, Uri? platform, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Patience);
        try
        {
            var addresses = await GuardedConnector.ResolveAsync(lookup, address.IdnHost, deadline.Token);
            if (await reach.RefusedAsync(address.IdnHost, addresses, platform, deadline.Token) is { } refused)
                return ShownCertificate.None(ProbeReach.Words(refused), speaksNoTls: false);
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(addresses, address.Port, deadline.Token);
            return await ShakeHandsAsync(socket, address.IdnHost, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ShownCertificate.None(NetworkTexts.TimedOut(Patience), speaksNoTls: false);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return ShownCertificate.None(NetworkTexts.Of(e), speaksNoTls: true);
        }
        catch (SocketException e)
        {
            return ShownCertificate.None(NetworkTexts.Of(e), speaksNoTls: false);
        }
    }

    private async Task<ShownCertificate> ShakeHandsAsync(Socket socket, string host, CancellationToken cancellation)
    {
        ShownCertificate? shown = null;
        await using var stream = new SslStream(new NetworkStream(socket));
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            CertificateChainPolicy = Policy(),
#pragma warning disable CA5359 // Whatever is shown is looked at, and nothing is said over the connection, which is closed at once.
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                shown = certificate is X509Certificate2 own && chain is not null ? ShownCertificate.Of(own, chain, errors) : null;
                return true;
            },
#pragma warning restore CA5359
        };
        await stream.AuthenticateAsClientAsync(options, cancellation);
        return shown ?? ShownCertificate.None(NetworkTexts.Unreachable, speaksNoTls: true);
    }

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true,
            VerificationTime = clock.GetUtcNow().UtcDateTime, VerificationTimeIgnored = false,
        };
        if (trust.Only is { } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return policy;
    }
}

/// <summary>Which roots count.</summary>
/// <param name="Only">These alone; null: those that this machine trusts.</param>
internal sealed record TrustedRoots(X509Certificate2Collection? Only);

/// <summary>What a server showed of itself.</summary>
internal sealed record ShownCertificate
{
    /// <summary>Why there is nothing to look at; null: there is.</summary>
    public LocalText? Why { get; private init; }

    /// <summary>Somebody listens there, and completed no handshake.</summary>
    public bool SpeaksNoTls { get; private init; }

    public string Issuer { get; private init; } = "";

    public string[] Names { get; private init; } = [];

    public DateTimeOffset From { get; private init; }

    public DateTimeOffset Until { get; private init; }

    public bool NameMatches { get; private init; }

    /// <summary>It leads to a root that is trusted, its time aside.</summary>
    public CertificateTrust Trust { get; private init; }

    public static ShownCertificate None(LocalText why, bool speaksNoTls) => new() { Why = why, SpeaksNoTls = speaksNoTls };

    public static ShownCertificate Of(X509Certificate2 own, X509Chain chain, SslPolicyErrors errors)
    {
        var wrong = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        return new()
        {
            Issuer = Name(own.IssuerName), Names = NamesOf(own), From = own.NotBefore.ToUniversalTime(),
            Until = own.NotAfter.ToUniversalTime(),
            NameMatches = !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch),
            Trust = own.SubjectName.RawData.AsSpan().SequenceEqual(own.IssuerName.RawData)
                && wrong.HasFlag(X509ChainStatusFlags.UntrustedRoot) ? CertificateTrust.SelfSigned
                : wrong.HasFlag(X509ChainStatusFlags.UntrustedRoot) ? CertificateTrust.PrivateRoot
                : wrong.HasFlag(X509ChainStatusFlags.PartialChain) ? CertificateTrust.Incomplete
                : (wrong & ~X509ChainStatusFlags.NotTimeValid) != X509ChainStatusFlags.NoError ? CertificateTrust.Faulty
                : CertificateTrust.Trusted,
        };
    }

    /// <summary>Whom people know the issuer by: its common name, else its organisation, else all of it.</summary>
    private static string Name(X500DistinguishedName of)
    {
        var parts = of.EnumerateRelativeDistinguishedNames().Where(p => !p.HasMultipleElements)
            .ToLookup(p => p.GetSingleElementType().Value, p => p.GetSingleElementValue());
        var name = parts["2.5.4.3"].FirstOrDefault() ?? parts["2.5.4.10"].FirstOrDefault() ?? of.Name;
        return string.Concat(name.Where(c => !char.IsControl(c)).Take(100));
    }

    private static string[] NamesOf(X509Certificate2 of) =>
        of.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault() is { } names
        ? [.. names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(a => a.ToString())).Take(5)]
        : [];
}

/// <summary>Where a certificate leads.</summary>
internal enum CertificateTrust
{
    Trusted,

    /// <summary>It vouches for itself.</summary>
    SelfSigned,

    /// <summary>To a root that is not trusted, like a company's own.</summary>
    PrivateRoot,

    /// <summary>Nowhere: an intermediate certificate is not sent along, or its root is unknown.</summary>
    Incomplete,

    /// <summary>To a trusted root, and it is not valid for another reason than its time.</summary>
    Faulty,
}
