#include "layers/cuda/compat.hpp"
#include "layers/cuda/proc_version.hpp"
#include "layers/cuda/smi.hpp"
#include "layers/cuda/version_json.hpp"

#include "support/catch.hpp"

using namespace envlock;
using namespace envlock::cuda;

TEST_CASE("both spellings of /proc/driver/nvidia/version are read, one or two spaces") {
    const auto closed = parse_proc_version("NVRM version: NVIDIA UNIX x86_64 Kernel Module 550.90.07 Fri May 31 09:35:42 UTC 2024\n");
    const auto open = parse_proc_version("NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  590.48.01  Release Build  (root@h)\nGCC version:  Selected multilib: .;@m64\n");

    CHECK(closed->version.text == "550.90.07");
    CHECK_FALSE(closed->open_module);
    CHECK(open->version.text == "590.48.01");
    CHECK(open->open_module);
    CHECK_FALSE(parse_proc_version("GCC version:  gcc version 11.4.0"));
}

TEST_CASE("the banner from 610 on has other words, and words are not versions") {
    const auto table = parse_smi_text("| NVIDIA-SMI 610.43.02     KMD Version: 610.43.02     CUDA UMD Version: 13.3     |");
    const auto version = parse_smi_text("NVIDIA-SMI version  : 610.88\nDRIVER version : Deprecated, see \"KMD version\" instead\nKMD version : 610.88\nCUDA UMD version : 13.3\n");
    const auto wsl = parse_smi_text("| NVIDIA-SMI 545.46      Driver Version: 546.80       CUDA Version: ERR!     |");
    const auto mismatch = parse_smi_text("Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 570.124\n");

    CHECK(table.driver->text == "610.43.02");
    CHECK(table.cuda->text == "13.3");
    CHECK(version.driver->text == "610.88");
    CHECK(version.cuda->text == "13.3");
    CHECK(wsl.driver->text == "546.80");
    CHECK_FALSE(wsl.cuda);
    CHECK_FALSE(mismatch.driver);
}

TEST_CASE("CSV columns are found by name, behind a warning too") {
    const auto smi = parse_smi_csv(
        "WARNING: infoROM is corrupted at gpu 0000:01:00.0\n"
        "name, driver_version, memory.total [MiB], compute_cap, mig.mode.current\n"
        "NVIDIA H100 80GB HBM3, 590.48.01, 81559, 9.0, Enabled\n"
        "NVIDIA L40S, 590.48.01, 46068, 8.9, [N/A]\n");

    CHECK(smi.driver->text == "590.48.01");
    CHECK(smi.gpus == std::vector<SmiGpu>{{"NVIDIA H100 80GB HBM3", "9.0", 81559, "Enabled"}, {"NVIDIA L40S", "8.9", 46068, ""}});
}

TEST_CASE("toolkit texts give a version or nothing") {
    CHECK(parse_version_json(R"({"cuda": {"version": "12.2.20230823"}, "cuda_nvcc": {"version": "12.2.140"}})", "v")->cuda->text == "12.2.20230823");
    CHECK_FALSE(parse_version_json("[]", "v"));
    CHECK(parse_version_txt("CUDA Version 9.0.176\n")->text == "9.0.176");
    CHECK(from_cuda_integer(*parse_define("  # define CUDA_VERSION 12040 /* */\n", "CUDA_VERSION"))->text == "12.4");
    CHECK_FALSE(parse_define("#define CUDA_VERSION_MINOR 3\n", "CUDA_VERSION"));
    CHECK_FALSE(from_cuda_integer(0));
    CHECK(parse_torch_cuda("__version__ = '2.8.0+cu128'\ncuda: Optional[str] = '12.8'\n")->text == "12.8");
    CHECK_FALSE(parse_torch_cuda("cuda_x = '1.2'\ncuda = None\n"));
}

TEST_CASE("drivers are compared as integers and judged by the table only") {
    const auto verdict = [](const char* driver, const char* cuda) { return judge(*parse_dotted(driver), *parse_dotted(cuda)).compatibility; };

    CHECK(*parse_dotted("580.159.04") > *parse_dotted("580.65.06"));
    CHECK(*parse_dotted("570.124.06") > *parse_dotted("570.26"));
    CHECK(verdict("580.159.04", "13.0") == Compatibility::full);
    CHECK(verdict("550.90.07", "12.8") == Compatibility::minor_only);
    CHECK(verdict("575.57.08", "13.0") == Compatibility::incompatible);
    CHECK(verdict("470.86", "12.1") == Compatibility::incompatible);
    CHECK(verdict("615.71.09", "99.0") == Compatibility::unknown);
    CHECK(verdict("35.3.1", "11.4") == Compatibility::unknown);
}
