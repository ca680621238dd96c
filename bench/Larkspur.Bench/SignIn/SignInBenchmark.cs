using System.Diagnostics;
using System.Security.Cryptography;
using Larkspur.Bench.Running;

namespace Larkspur.Bench.SignIn;

/// <summary>How many people a second sign in to a client by the gateway's OpenID provider, code with PKCE, and how long the token endpoint
/// takes.</summary>
internal sealed class SignInBenchmark : IBenchmark
{
    private const double Floor = 300;
    private const double LongestP99 = 50;

    /// <summary>More at once only wait for each other: clients and gateway share the machine.</summary>
    private const int MostAtOnce = 8;

    public string Name => "sign-in";

    public string Summary =>
        "sign-ins per second by the OpenID provider, and the token endpoint's delay, beside plain calls and signatures "
        + "(--db sqlite|postgresql)";

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation)
    {
        await using var server = await PostgresCluster.StartAsync(options);
        using var folder = new ScratchFolder();
        await using var company = await SignInCompany.StartAsync(folder.File("data"),
            server is null ? "" : await server.CreateMigratedDatabaseAsync(), cancellation);
        var atOnce = Math.Min(options.Connections, MostAtOnce);
        var span = TimeSpan.FromSeconds(options.Seconds);
        // Warm: the first key, the compiler.
        await MeasureAsync(TimeSpan.FromSeconds(2), atOnce, company.SignInAsync, cancellation);
        var (logins, tokens, plain, signatures) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            var signIns = await MeasureAsync(span, atOnce, company.SignInAsync, cancellation);
            logins.Add(signIns.Count / options.Seconds);
            tokens.AddRange(signIns);
            plain.Add((await MeasureAsync(span / 2, atOnce, company.PlainPairAsync, cancellation)).Count / (options.Seconds / 2));
            signatures.Add(Signatures(TimeSpan.FromSeconds(0.5)));
        }

        double[] sorted = [.. tokens.Order()];
        var (perSecond, p50, p99) = (Statistics.Median(logins), Statistics.Percentile(sorted, 0.5), Statistics.Percentile(sorted, 0.99));
        var (pairs, signed) = (Statistics.Median(plain), Statistics.Median(signatures));
        Report.Say("");
        Report.Say($"A sign-in: a request for a code, and its exchange, by {atOnce} at once. A plain pair: two calls that read nothing. "
            + "A signature: RS256, on one core.");
        Report.Table(["sign-ins/s", "token p50 ms", "token p99 ms", "plain pairs/s", "signatures/s"],
        [[Report.Number(perSecond), Report.Number(p50), Report.Number(p99), Report.Number(pairs), Report.Number(signed)]]);
        report.Figure("sign_ins_per_second", perSecond);
        report.Figure("token.p50_ms", p50);
        report.Figure("token.p99_ms", p99);
        report.Figure("of_plain_pairs", perSecond / pairs);
        report.Figure("of_signatures", perSecond / signed);
        report.Note($"{perSecond / pairs:0.00} x the plain pairs, {perSecond / signed:0.00} x the signatures of one core");
        report.Note($"floor {Floor} a second: {Held(perSecond >= Floor)}; token p99 below {LongestP99} ms: {Held(p99 < LongestP99)}");
        static string Held(bool held) => held ? "held" : "missed";
    }

    /// <summary>Runs something by many at once for a time.</summary>
    /// <returns>What each took, as the work itself says.</returns>
    private static async Task<List<double>> MeasureAsync(
        TimeSpan span, int atOnce, Func<CancellationToken, Task<double>> work, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            var taken = new List<double>();
            while (Stopwatch.GetElapsedTime(begun) < span) taken.Add(await work(cancellation));
            return taken;
        }, cancellation)));
        return [.. all.SelectMany(t => t)];
    }

    private static double Signatures(TimeSpan span)
    {
        using var rsa = RSA.Create(2048);
        var (hash, count) = (new byte[32], 0);
        // The key is made at its first use.
        rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var begun = Stopwatch.GetTimestamp();
        for (; Stopwatch.GetElapsedTime(begun) < span; count++) rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}
