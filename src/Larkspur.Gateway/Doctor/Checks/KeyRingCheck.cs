using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Storage.DataProtection;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>All elements of the key ring are sealed with the master key. One that is readable beside sealed ones was put there by
/// somebody who can write the database.</summary>
internal sealed class KeyRingCheck(KeyStore store) : IDoctorCheck
{
    public string Id => "key_ring";

    public LocalText Title => KeyRingCheckTexts.Title;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var rows = await store.AllAsync(cancellation);
        var foreign = rows.Count - KeyStore.Trusted(rows).Count;
        if (foreign > 0)
        {
            return CheckResult.Failed(
                KeyRingCheckTexts.TableDataProtectionKeyHas(foreign),
                KeyRingCheckTexts.FindOutWhoCanWriteDatabase(KeyStore.RemovesReadable),
                new() { ["readable"] = foreign });
        }

        return CheckResult.Ok(rows.Exists(row => row.Master is null) ? KeyRingCheckTexts.BeingSealed
            : KeyRingCheckTexts.Sealed(rows.Count));
    }
}
