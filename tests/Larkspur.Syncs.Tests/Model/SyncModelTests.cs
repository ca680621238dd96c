using FsCheck;
using FsCheck.Fluent;
using Larkspur.Gateway.Syncs.Mapping;

namespace Larkspur.Syncs.Tests.Model;

/// <summary>
/// Whatever people do on both sides, whatever fails and wherever the process dies: when it is calm again both sides are equal, nothing is
/// lost, nothing is there twice, and nothing is written any more.
/// </summary>
public sealed class SyncModelTests(ModelDatabase database) : IClassFixture<ModelDatabase>
{
    /// <summary>Sequences in a run; <c>LARKSPUR_SEQUENCES</c> asks for more.</summary>
    private static readonly int Sequences =
        int.TryParse(Environment.GetEnvironmentVariable("LARKSPUR_SEQUENCES"), out var number) ? number : 1000;

    [Fact]
    public void Both_sides_are_equal_when_it_is_calm_again() => Check(ModelFields.Spec(), 0);

    [Fact]
    public void Rows_without_a_key_and_copies_of_rows_get_one() => Check(ModelFields.Spec(NewKeys.Uuid), 1);

    /// <summary>Sequences that failed once, with the keys that they were found with.</summary>
    [Theory]
    [InlineData(false, 211246298, 1657895217, 1238708758, 456683987, 1261213222, 2146585814)]
    [InlineData(false, 1977486951, 482915864, 1965506624, 275744385, 698614201, 683662564, 607124837, 406541835, 1003862927, 322326396,
        2062144160, 1195994038, 477323359)]
    [InlineData(true, 1645328805, 1508145588, 1172707775, 935346531, 1097874239, 653457526, 1632849934, 929415632, 1021391820, 268004097,
        1533487429, 190639684, 630898618, 1996127299, 1786374782, 931303497, 299003087, 847881140, 519005974, 1401858107, 1944752552,
        626717123, 1198456246, 2099028418)]
    public void Once_failed(bool givesKeys, int seed, params int[] numbers) =>
        Assert.Empty(Broken(ModelFields.Spec(givesKeys ? NewKeys.Uuid : NewKeys.Wait), numbers, seed));

    private void Check(SyncSpec spec, int salt)
    {
        var sequences = Gen.Sized(size => Gen.Choose(5, 10 + size).SelectMany(length => Gen.Choose(0, int.MaxValue).ArrayOf(length)));
        var cases = Arb.From(sequences.SelectMany(numbers => Gen.Choose(0, int.MaxValue).Select(seed => (numbers, seed))), Shorter);
        Prop.ForAll(cases, one => Broken(spec, one.numbers, one.seed + salt) is { Count: 0 }
            ? true : throw new InvalidOperationException(
                $"{string.Join("\n", Broken(spec, one.numbers, one.seed + salt))}\n[{string.Join(", ", one.numbers)}], {one.seed + salt}"))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Sequences).WithEndSize(40));
    }

    private static IEnumerable<(int[] Numbers, int Seed)> Shorter((int[] Numbers, int Seed) one)
    {
        for (var half = one.Numbers.Length / 2; half > 0; half /= 2)
        {
            for (var at = 0; at + half <= one.Numbers.Length; at += half)
                yield return ([.. one.Numbers[..at], .. one.Numbers[(at + half)..]], one.Seed);
        }
    }

    private List<string> Broken(SyncSpec spec, int[] numbers, int seed) => Task.Run(async () =>
    {
        var run = await ModelRun.BeginAsync(database.Database, seed, spec);
        try
        {
            await Sequence.PlayAsync(run, numbers);
            run.World.Log.Add("calm");
            await Quiet.SettleAsync(run);
            var broken = await Quiet.BrokenAsync(run);
            if (broken.Count > 0 && Environment.GetEnvironmentVariable("LARKSPUR_SEQUENCE_LOG") is { } file)
                await File.WriteAllLinesAsync(file, [.. broken, .. run.World.Log]);
            return broken;
        }
        catch (Exception e)
        {
            return [e.ToString()];
        }
    }).GetAwaiter().GetResult();
}
