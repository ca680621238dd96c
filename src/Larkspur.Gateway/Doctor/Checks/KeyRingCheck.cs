using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Storage.DataProtection;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>All elements of the key ring are sealed with the master key. One that is readable beside sealed ones was put there by
/// somebody who can write the database.</summary>
internal sealed class KeyRingCheck(KeyStore store) : IDoctorCheck
{
    public string Id => "key_ring";

    public LocalText Title => new("密钥环", "Key ring");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var rows = await store.AllAsync(cancellation);
        var foreign = rows.Count - KeyStore.Trusted(rows).Count;
        if (foreign > 0)
        {
            return CheckResult.Failed(
                new($"data_protection_key 表中有 {foreign} 个未加密的密钥，网关从不写入这样的密钥；它们没有被使用",
                    $"Table data_protection_key has {CheckResult.Count(foreign, "readable key")}, which the gateway never writes beside sealed ones; "
                    + "not used"),
                new($"查明谁能写入数据库，然后删除这些行：{KeyStore.RemovesReadable}",
                    $"Find out who can write the database, then remove them: {KeyStore.RemovesReadable}"),
                new() { ["readable"] = foreign });
        }

        return CheckResult.Ok(rows.Exists(row => row.Master is null) ? "正在用主密钥加密" : $"{rows.Count} 个元素，全部用主密钥加密",
            rows.Exists(row => row.Master is null) ? "It is being sealed with the master key"
                : $"{CheckResult.Count(rows.Count, "element")}, sealed with the master key");
    }
}
